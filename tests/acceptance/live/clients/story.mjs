// A visitor's story told by a Node.js tracking client in a process of its own: `story.mjs CLIENT URL KEY NAME COUNT`.
//
// It ends with 0 when the client says of every call that it was delivered.

import process from "node:process";

const CLIENTS = {
  segment: async (url, key) => {
    const { Analytics } = await import("@segment/analytics-node");
    const client = new Analytics({ writeKey: key, host: url, maxRetries: 60 });
    // By itself it gives up what is not delivered within 12 seconds of the end.
    return [client, () => client.closeAndFlush({ timeout: 120_000 })];
  },
  rudder: async (url, key) => {
    const { default: Analytics } = await import("@rudderstack/rudder-sdk-node");
    // Its waits double without end, so that few tries span minutes. What is lost each call is told; a handler for all
    // keeps the same news from ending the process.
    const options = { dataPlaneUrl: url, retryCount: 9, flushInterval: 100, logLevel: "none", errorHandler: () => {} };
    const client = new Analytics(key, options);
    return [client, () => client.flush()];
  },
};

const told = (start) => new Promise((fine, lost) => start((error) => (error ? lost(error) : fine())));

function story(name, count) {
  const [userId, anonymousId] = [name, `${name}-device`];
  const counted = Array.from({ length: count }, (_, number) => number);
  return [
    ["page", { anonymousId, name: "Pricing", context: { page: { path: "/pricing" } } }],
    ["identify", { userId, anonymousId, traits: { email: `${name}@acme.example`, company_size: 300 } }],
    ["track", { userId, event: "Trial Downloaded", properties: { plan: "team", price: 12.5 } }],
    ...counted.map((number) => ["track", { userId, event: "Counted", properties: { number } }]),
    ["track", { userId, event: "Pricing Requested" }],
    ["group", { userId, groupId: "acme", traits: { employees: 300 } }],
  ];
}

const [named, url, key, name, count] = process.argv.slice(2);
const [client, end] = await CLIENTS[named](url, key);
const delivered = story(name, Number(count)).map(([kind, message]) => told((done) => client[kind](message, done)));
await Promise.all([end(), ...delivered]);
