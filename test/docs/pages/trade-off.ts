/** docs/images/halo2-trade-off.svg, drawn from what `docs/images/halo2-trade-off.ts` measured. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drawTradeOff, type TradeOff } from "../../../matchmaker/simulate/report/trade-off.ts";

export const tradeOffPicture = (root: string): string =>
  drawTradeOff(JSON.parse(readFileSync(join(root, "docs/images/halo2-trade-off.json"), "utf8")) as TradeOff);
