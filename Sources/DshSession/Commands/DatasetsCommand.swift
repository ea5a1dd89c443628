// `datasets`: what was made so far, and what of it is kept.

import DshColumns
import DshLanguage
import DshRender
import DshBackend
import DshPlan

struct DatasetsCommand: CommandAction {
  let command = Command.ID.datasets

  func run(_ context: CommandContext) throws -> RunOutcome {
    context.emit(.listing(context.session.datasetsListing()))
    return .finished
  }
}

extension Session {
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

  /// The names that stand for a dataset now.
  fileprivate func names(of index: Int) -> Value {
    let now = state.names.filter { $0.value == index }.keys.sorted()
    return now.isEmpty ? .null : .string(now.joined(separator: ", "))
  }

  fileprivate func datasetsListing() -> Listing {
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
