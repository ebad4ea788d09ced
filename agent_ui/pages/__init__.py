"""The routes, a blueprint a page area: each authorises, parses, calls one service and responds."""
