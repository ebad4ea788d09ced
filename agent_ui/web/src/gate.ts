// The server-rendered pages (sign in, password, problems) need only the styles.
import "@fontsource-variable/inter";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/gate.css";
