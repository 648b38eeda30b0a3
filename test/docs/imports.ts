/** Every import between the project's files, found by dependency-cruiser with the project's own resolution. */
import { relative } from "node:path";
import { cruise, type ICruiseResult, type IDependency } from "dependency-cruiser";

export interface Import {
  readonly from: string;
  /** Path from the root, or a module's name. */
  readonly to: string;
  readonly isLocal: boolean;
  readonly isTypeOnly: boolean;
  /** Back to the importing file, if it is part of a cycle. */
  readonly cycle: readonly string[];
}

export async function importsOf(root: string, folders: readonly string[]): Promise<Import[]> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir: root,
      exclude: "(^|/)(dist|results|generated)/",
      doNotFollow: { path: "node_modules" },
      // Types count: a type that is imported backwards is a dependency backwards.
      tsPreCompilationDeps: "specify",
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
      ruleSet: { forbidden: [{ name: "cycle", severity: "error", from: {}, to: { circular: true } }] },
      validate: true,
    },
    {},
    {},
  );
  const { modules } = output as ICruiseResult;
  return modules.flatMap((module) =>
    module.dependencies.map((dependency) => importFrom(root, module.source, dependency)),
  );
}

function importFrom(root: string, from: string, dependency: IDependency): Import {
  const resolved = dependency.resolved.startsWith("/") ? relative(root, dependency.resolved) : dependency.resolved;
  const isLocal = !dependency.coreModule && !resolved.includes("node_modules") && !dependency.couldNotResolve;
  return {
    from,
    to: isLocal
      ? resolved
      : dependency.coreModule
        ? `node:${dependency.module.replace(/^node:/, "")}`
        : dependency.module,
    isLocal,
    isTypeOnly: dependency.dependencyTypes.includes("type-only") || dependency.preCompilationOnly === true,
    cycle: (dependency.cycle ?? []).map((step) => (typeof step === "string" ? step : step.name)),
  };
}
