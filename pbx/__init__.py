"""The softswitch: SIP edge, media, calls, queues and the control API."""
