import { expect, it } from "vitest";
import { createFindHttp } from "./reply.ts";
import { createRouteTable } from "./route-table.ts";

const table = (...paths: string[]) => {
  const find = createRouteTable(paths.map((path) => ({ path })));
  return (path: string) => {
    const found = find(path);
    return found && [found.route.path, found.params];
  };
};

it("[LS4] literal segments fit as they were sent, values are decoded and not empty", () => {
  const find = table("/", "/v1/ws", "/v1/:what", "/:seat/:roomId");
  expect(find("/")).toEqual(["/", {}]);
  expect(find("/v1/ws")).toEqual(["/v1/ws", {}]);
  expect(find("/v1/rooms")).toEqual(["/v1/:what", { what: "rooms" }]);
  expect(find("/a%2Fb/%C3%A9")).toEqual(["/:seat/:roomId", { seat: "a/b", roomId: "é" }]);
  expect(find("/%761/ws")).toEqual(["/:seat/:roomId", { seat: "v1", roomId: "ws" }]);
  for (const path of ["", "v1/ws", "/v1", "/v1/", "//ws", "/v1/ws/", "/V1/%", "/a/b/c", "http://x/v1/ws"]) {
    expect(find(path), path).toBeUndefined();
  }
});

it("[LS4] the order of the list decides, whatever is more specific", () => {
  expect(table("/:any", "/exact")("/exact")).toEqual(["/:any", { any: "exact" }]);
  expect(table("/*", "/exact")("/exact")).toEqual(["/*", {}]);
  expect(table("/exact", "/*")("/exact")).toEqual(["/exact", {}]);
});

it("[LS4] a last star takes the rest, which may be empty", () => {
  const find = table("/files/:name/*");
  expect(find("/files/a/")).toEqual(["/files/:name/*", { name: "a" }]);
  expect(find("/files/a/b/%/c")).toEqual(["/files/:name/*", { name: "a" }]);
  expect(find("/files/a")).toBeUndefined();
});

it("[LS4] a value called __proto__ is a value", () => {
  const found = createRouteTable([{ path: "/:x" }])("/__proto__");
  expect(found?.params).toEqual({ x: "__proto__" });
});

it("[LS18] without a route for the method, the reply names the methods that have one", () => {
  const handle = () => ({ status: 200 });
  const find = createFindHttp([
    { method: "POST", path: "/a/:b", handle },
    { method: "GET", path: "/a/*", handle },
    { method: "GET", path: "/a/c", handle },
  ]);
  expect(find("PUT", "/a/c")).toEqual({ status: 405, headers: { allow: "POST, GET, HEAD" } });
  expect(find("POST", "/a/c/d")).toEqual({ status: 405, headers: { allow: "GET, HEAD" } });
  expect(find("HEAD", "/a/c")).toMatchObject({ route: { path: "/a/*" } });
  expect(find("GET", "/b")).toEqual({ status: 404 });
});
