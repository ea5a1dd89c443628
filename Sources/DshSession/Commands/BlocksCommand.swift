// `blocks`: where the blocks are and what made them.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend

struct BlocksCommand: CommandAction {
  let command = Command.ID.blocks

  func run(_ context: CommandContext) throws -> RunOutcome {
    let session = context.session
    try context.backend.locateBlocks()
    context.emit(
      context.has("map")
        ? .blockMap(try session.blockMap(context.argument)) : .listing(try session.blocksListing(context.argument)))
    return .finished
  }
}

extension Session {
  func blocksListing(_ argument: WordSyntax?) throws -> Listing {
    if let argument {
      guard let index = state.index(of: argument.text) else { throw state.unknownDataset(Name(argument.text, span: argument.span)) }
      let dataset = state.datasets[index]
      guard let plan = dataset.kept, let kept = backend.kept(plan) else {
        throw Diagnostic(
          .notPersisted, "\(dataset.title) has no blocks of its own", span: argument.span,
          suggestion: "keep them: \(dataset.title) | persist")
      }
      let rows = kept.blocks.enumerated().map { number, block -> [Value] in
        [
          .int64(Int64(number)), .string(block.node), .int64(Int64(block.rows)), .int64(Int64(block.bytes)),
          .string(block.isLost ? "lost" : kept.isPinned ? "pinned" : "cached"), .string(verbs(of: index)), .string(block.origin),
        ]
      }
      return Listing(name: "blocks", columns: blockColumns("block"), rows: rows)
    }
    let rows = try backend.blocks().enumerated().map { number, block -> [Value] in
      [
        .int64(Int64(number)), .string(block.node), .int64(Int64(block.rows)), .int64(Int64(block.bytes)), .string(block.state),
        .string(block.madeBy), .string(block.origin),
      ]
    }
    return Listing(name: "blocks", columns: blockColumns("block"), rows: rows)
  }

  private func blockColumns(_ first: String) -> [Listing.Column] {
    [
      Listing.Column(first, .count), Listing.Column("node"), Listing.Column("rows", .count), Listing.Column("bytes", .bytesOfLargest),
      Listing.Column("state"), Listing.Column("made by"), Listing.Column("from"),
    ]
  }
}
