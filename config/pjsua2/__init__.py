"""The builder of pjsua2: pjproject compiled with Comptoir's limits, as a wheel for this interpreter."""
