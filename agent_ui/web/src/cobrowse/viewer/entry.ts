import "./viewer.css";
import "./main";
