// `blocks --map`: every block a cell in its node's row.

import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend
import DshColumns

extension Session {
  func blockMap(_ argument: WordSyntax?) throws -> BlockMap {
    let listing = try blocksListing(argument)
    let nodes = try backend.nodes(cancellation: observer.cancellation).map(\.name)
    var map = BlockMap(dataset: argument?.text, nodes: nodes.map { BlockMap.Node(name: $0, blocks: []) })
    for row in listing.rows {
      guard case .string(let node) = row[1], case .int64(let rows) = row[2], case .int64(let bytes) = row[3],
        case .string(let state) = row[4]
      else { continue }
      if !map.nodes.contains(where: { $0.name == node }) { map.nodes.append(BlockMap.Node(name: node, blocks: [])) }
      guard let index = map.nodes.firstIndex(where: { $0.name == node }) else { continue }
      map.nodes[index].blocks.append(BlockMap.Block(state: BlockMap.State(rawValue: state) ?? .busy, bytes: Int(bytes), rows: Int(rows)))
    }
    map.nodes.removeAll { $0.name == "head" && $0.blocks.isEmpty }
    return map
  }
}
