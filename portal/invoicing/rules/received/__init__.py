"""An e-invoice that came as a file: which order lines it bills, what a draft takes over of it, and what differs."""
