// What the server lets somebody do, so that nothing is offered that it would refuse.

const OPERATORS = new Set(["operator", "admin"]);

export const mayDecide = (user) => user.role !== "viewer";
/** Restart, screenshots, logs, groups, alerts. */
export const mayOperate = (user) => OPERATORS.has(user.role);
/** What reaches all stores (uploads, roll-outs) is not for people of some. */
export const mayRelease = (user) => mayOperate(user) && !user.stores?.length;
