import * as uws from "uWebSockets.js";

export default uws;
