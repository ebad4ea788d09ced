import { POPOVER_OPEN } from "../protocol";

/** In a picture of a page a popover is open by its mark, and on top by its place. */
export const OPEN_POPOVERS = `[popover][${POPOVER_OPEN}]{display:block!important;z-index:2147483647!important}`;
