"""What the control API says and accepts: resources, events and commands, shared with the pages."""
