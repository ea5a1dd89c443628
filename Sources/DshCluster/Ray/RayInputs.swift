// How the rows that a task reads get to its node: what lies there is read in place, the rest is cut where it lies and moved.

import DshColumns
import DshDiagnostics
import DshStore
import DshTasks

/// What a task is given, in the words of the library and in those of the bridge, in the same order.
///
/// Rows of other nodes are laid out there as one bundle for each node, so that exactly what is read moves, and Ray makes no second copy of a block.
/// Whole tables are the exception: every task of a node looks rows up in the same copy.
struct RayInputs {
  private(set) var given: [GivenInput] = []
  private(set) var sent: [BridgeInput] = []

  /// - Throws: `block-lost`.
  init(_ task: TaskSet.Task, on node: NodeIndex, _ blocks: RayBlocks, _ nodes: RayNodes) throws(Diagnostic) {
    var whole: Set<BlockID> = []
    var cuts: [NodeIndex: RayCut] = [:]
    func isShared(_ slice: BlockSlice, isTable: Bool) -> Bool { isTable && slice.rows.count == slice.block.rows }
    for (slice, isTable) in task.rows.map({ ($0, false) }) + task.tables.map({ ($0, true) }) {
      guard let home = blocks.home(of: slice.block) else { throw PeerArenas.lost(slice.block) }
      // What lies with the driver is small, and comes with the task.
      if home == node || home == 0 || isShared(slice, isTable: isTable) {
        if whole.insert(slice.block.id).inserted {
          given.append(.block(slice.block.id))
          sent.append(.block(slice.block.id))
        }
      } else {
        cuts[home, default: RayCut()].add(slice)
      }
    }
    for (home, cut) in cuts.sorted(by: { $0.key < $1.key }) {
      given.append(.bundle)
      sent.append(.gathered(node: nodes.id(of: home), request: cut.request.encoded(), blocks: cut.blocks))
    }
  }
}

/// Rows of blocks of one node that are laid out there as a bundle.
struct RayCut {
  private(set) var slices: [CutSlice] = []
  private(set) var blocks: [BlockID] = []

  mutating func add(_ slice: BlockSlice) {
    let cut = CutSlice(block: slice.block.id, firstRow: slice.rows.lowerBound, rowCount: slice.rows.count)
    if slices.contains(cut) { return }
    slices.append(cut)
    if blocks.last != cut.block, !blocks.contains(cut.block) { blocks.append(cut.block) }
  }

  var request: LibraryRequest { .cut(slices, blocks: blocks) }
}
