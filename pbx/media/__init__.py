"""Everything that touches pjsua2: endpoint, legs, bridges, prompts and recorders."""
