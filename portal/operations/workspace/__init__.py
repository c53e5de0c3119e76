"""The auditors' workspace: what a record was, who could see it, engagements, samples and workpapers.

Speaks of engagements, populations, samples, workpapers and evidence. It reads what the log and the revisions keep and
writes workpapers alone; what it does not know of the past it says.
"""
