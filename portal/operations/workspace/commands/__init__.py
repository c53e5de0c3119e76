"""What the workspace writes: engagements, workpapers, evidence."""
