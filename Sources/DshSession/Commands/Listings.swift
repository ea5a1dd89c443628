// The live tables: nodes, blocks, transfers, datasets.

import DshColumns
import DshDiagnostics
import DshLanguage

extension Session {
  func nodesListing() throws -> Listing {
    var columns: [Listing.Column] = [
      Listing.Column("node"), Listing.Column("state"), Listing.Column("pid"), Listing.Column("slots", .count),
      Listing.Column("store used", .bytes),
      Listing.Column("limit", .bytes), Listing.Column("blocks", .count), Listing.Column("pinned", .bytes),
      Listing.Column("spilled", .bytes),
      Listing.Column("sent", .bytes), Listing.Column("received", .bytes),
    ]
    if options.isDeterministic { columns.remove(at: 2) }
    let rows = try backend.nodes().map { node -> [Value] in
      var row: [Value] = [
        .string(node.name), .string(node.state), .int64(Int64(node.processID)), node.slots == 0 ? .null : .int64(Int64(node.slots)),
        .int64(Int64(node.usedBytes)), .int64(Int64(node.limitBytes)), .int64(Int64(node.blocks)), .int64(Int64(node.pinnedBytes)),
        .int64(Int64(node.spilledBytes)), .int64(Int64(node.sentBytes)), .int64(Int64(node.receivedBytes)),
      ]
      if options.isDeterministic { row.remove(at: 2) }
      return row
    }
    return Listing(name: "nodes", columns: columns, rows: rows)
  }

  func blocksListing(_ argument: WordSyntax?) throws -> Listing {
    if let argument {
      guard let index = state.index(of: argument.text) else { throw state.unknownDataset(Name(argument.text, span: argument.span)) }
      let dataset = state.datasets[index]
      guard let plan = dataset.kept, let kept = backend.kept(plan) else {
        throw Diagnostic(
          "not-persisted", .user, "\(dataset.title) has no blocks of its own", span: argument.span,
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

  /// The verbs that make a dataset: `read+filter`.
  func verbs(of index: Int) -> String {
    let dataset = state.datasets[index]
    let own = dataset.stages.map(\.syntax.verb.text)
    switch dataset.base {
    case .files: return ([Verb.ID.read.name] + own).joined(separator: "+")
    case .plan(.range): return ([Verb.ID.range.name] + own).joined(separator: "+")
    case .plan: return ([Verb.ID.rows.name] + own).joined(separator: "+")
    case .dataset(let base): return ([verbs(of: base)] + own).joined(separator: "+")
    }
  }

  /// - Parameter isLast: whether only what the last action moved is meant.
  func transfersListing(isLast: Bool) throws -> Listing {
    let rows = try (isLast ? lastRun?.run.moved ?? [] : backend.transfers()).map {
      [Value.string($0.from), .string($0.to), .int64(Int64($0.bytes))]
    }
    return Listing(name: "transfers", columns: [Listing.Column("from"), Listing.Column("to"), Listing.Column("moved", .bytes)], rows: rows)
  }

  /// The names that stand for a dataset now.
  private func names(of index: Int) -> Value {
    let now = state.names.filter { $0.value == index }.keys.sorted()
    return now.isEmpty ? .null : .string(now.joined(separator: ", "))
  }

  func datasetsListing() -> Listing {
    let rows = state.datasets.indices.map { index -> [Value] in
      let dataset = state.datasets[index]
      let kept = dataset.kept.flatMap { backend.kept($0) }
      let columns = (try? state.plan(of: index).schema.count).map { Value.int64(Int64($0)) } ?? .null
      return [
        .string("_\(dataset.number)"), names(of: index), .string(verbs(of: index)), columns,
        .string(kept == nil ? "lazy" : dataset.isPinned ? "pinned" : "materialized"), kept.map { .int64(Int64($0.rows)) } ?? .null,
        kept.map { .int64(Int64($0.bytes)) } ?? .null, .string(state.current == index ? "current" : ""),
      ]
    }
    return Listing(
      name: "datasets",
      columns: [
        Listing.Column("dataset"), Listing.Column("name"), Listing.Column("made by"), Listing.Column("columns", .count),
        Listing.Column("state"), Listing.Column("rows", .count), Listing.Column("bytes", .bytes), Listing.Column(""),
      ], rows: rows)
  }
}
