// What a JSON schema allows at a place. A place is a path: names of keys, and 0 for "an item of a list".

/** The schemas that a schema stands for: itself, what it refers to, and each of its alternatives. */
function alternatives(root, schema, seen = new Set()) {
  if (!schema || typeof schema !== "object" || seen.has(schema)) return [];
  seen.add(schema);
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (schema.$ref?.startsWith("#")) others.push(referred(root, schema.$ref));
  return [schema, ...others.flatMap((one) => alternatives(root, one, seen))];
}

function referred(root, pointer) {
  const names = pointer.slice(1).split("/").slice(1);
  return names.reduce((at, name) => at?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], root);
}

function below(schema, step) {
  if (step === 0) return schema.items;
  if (Object.hasOwn(schema.properties ?? {}, step)) return schema.properties[step];
  const pattern = Object.keys(schema.patternProperties ?? {}).find((one) => new RegExp(one, "u").test(step));
  return pattern === undefined ? schema.additionalProperties : schema.patternProperties[pattern];
}

/** All schemas of a place; none where nothing may be. */
function schemasAt(root, path) {
  const start = alternatives(root, root);
  return path.reduce((found, step) => found.flatMap((one) => alternatives(root, below(one, step))), start);
}

/** The keys that a mapping at a place may have, as the schema orders them. */
export function keysAt(root, path) {
  return schemasAt(root, path).flatMap((schema) =>
    Object.entries(schema.properties ?? {}).map(([name, value]) => ({
      name,
      description: value.description,
      needed: schema.required?.includes(name) ?? false,
      shape: shapeOf(alternatives(root, value)),
    })),
  );
}

/** "mapping" where only a mapping may be, "list" where only a list may be, "any" elsewhere. */
function shapeOf(schemas) {
  const types = new Set(schemas.flatMap((one) => one.type ?? ("enum" in one || "const" in one ? "scalar" : [])));
  if (types.size !== 1) return "any";
  return { object: "mapping", array: "list" }[[...types][0]] ?? "any";
}

/** The values that are named for a place: of an enum, a const or a switch. */
export function valuesAt(root, path) {
  return schemasAt(root, path).flatMap((schema) => {
    const named = schema.enum ?? ("const" in schema ? [schema.const] : []);
    return [...named, ...(schema.type === "boolean" ? [true, false] : [])].map(String);
  });
}
