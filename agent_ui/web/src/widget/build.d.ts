/** The file that is loaded for a call, and its integrity value: put in by the build (vite.widget.config.js). */
declare const CALL_CHUNK: string;
declare const CALL_INTEGRITY: string;
/** The same for the file that shares the page. */
declare const SHARE_CHUNK: string;
declare const SHARE_INTEGRITY: string;
