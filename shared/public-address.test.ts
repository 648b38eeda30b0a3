import { expect, it } from "vitest";
import { dialAddress } from "./public-address.ts";

it("[CL5] an address that leaves out the host is dialled at the host that the player came by", () => {
  expect(dialAddress("play.example.com/gs-7", "localhost:2567")).toBe("play.example.com/gs-7");
  expect(dialAddress("", "192.168.1.5:2567")).toBe("192.168.1.5:2567");
  expect(dialAddress(":2568", "192.168.1.5:2567")).toBe("192.168.1.5:2568");
  expect(dialAddress(":2568", "[::1]:2567")).toBe("[::1]:2568");
  expect(dialAddress(":2568", "localhost:2567/base")).toBe("localhost:2568");
});
