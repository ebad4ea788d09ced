"""The control API: HTTP commands and the numbered event stream."""
