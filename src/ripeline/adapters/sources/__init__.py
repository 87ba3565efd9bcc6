"""Where leads, events and outcomes come from: files, and the demo company."""
