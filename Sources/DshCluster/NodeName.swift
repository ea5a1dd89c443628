// What nodes are called.

import DshColumns

/// The name people see: `head`, `node1`, `node2`, ….
public func nodeName(_ node: NodeIndex) -> String { node == 0 ? "head" : "node\(node)" }
