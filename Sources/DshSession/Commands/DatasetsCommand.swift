// `datasets`: what was made so far, and what of it is kept.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend
import DshPlan

struct DatasetsCommand: CommandAction {
  let command = Command.ID.datasets

  func run(_ context: CommandContext) throws -> RunOutcome {
    do throws(Diagnostic) { _ = try context.session.keptFolder() } catch {
      context.emit(.notice("kept datasets can't be listed: \(error.message)"))
    }
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
    case .plan(.range, _): return ([Verb.ID.range.name] + own).joined(separator: "+")
    case .plan: return ([Verb.ID.rows.name] + own).joined(separator: "+")
    case .kept(let id): return ([state.kept[id].record.madeBy] + own).joined(separator: "+")
    case .dataset(let base): return ([verbs(of: base)] + own).joined(separator: "+")
    }
  }

  /// The names that stand for a dataset now.
  fileprivate func names(of index: Int) -> Value {
    let now = state.names.filter { $0.value == index }.keys.sorted()
    return now.isEmpty ? .null : .string(now.joined(separator: ", "))
  }

  fileprivate func datasetsListing() -> Listing {
    let own = state.datasets.indices.map(row(of:))
    let others = keptNames.filter { state.names[$0] == nil }.compactMap(row(ofKept:))
    var columns = [
      Listing.Column("dataset"), Listing.Column("name"), Listing.Column("made by"), Listing.Column("columns", .count),
      Listing.Column("state"), Listing.Column("rows", .count), Listing.Column("bytes", .bytes), Listing.Column(""),
    ]
    var rows = own + others
    // What is about kept datasets stands there if there are any.
    if rows.contains(where: { $0[columns.count] != .null }) {
      columns += [Listing.Column("inputs"), Listing.Column("age")]
      // How old something is depends on when one asks.
      if options.isDeterministic { columns.removeLast() }
    }
    rows = rows.map { Array($0.prefix(columns.count)) }
    return Listing(name: "datasets", columns: columns, rows: rows)
  }

  private func row(of index: Int) -> [Value] {
    let dataset = state.datasets[index]
    let start: [Value] = [.string("_\(dataset.number)"), names(of: index), .string(verbs(of: index))]
    let end = Value.string(state.current == index ? "current" : "")
    if dataset.kept == nil, let id = state.keptID(index) {
      let name = state.kept[id].name
      if state.replacedKept.contains(id) { return start + cells(of: state.kept[id], "kept before", end) }
      guard let file = try? look(atKept: name) else {
        return start + [.null, .string("gone"), .null, .null, end, .string("\(name) is not there any more"), .null]
      }
      return start + cells(of: file, "kept", end)
    }
    let kept = dataset.kept.flatMap { backend.kept($0) }
    let columns = (try? state.plan(of: index).schema.count).map { Value.int64(Int64($0)) } ?? .null
    let state = kept == nil ? "lazy" : dataset.isPinned ? "pinned" : "materialized"
    return start + [
      columns, .string(state), kept.map { .int64(Int64($0.rows)) } ?? .null, kept.map { .int64(Int64($0.bytes)) } ?? .null, end, .null,
      .null,
    ]
  }

  /// A kept dataset that this session has not used.
  private func row(ofKept name: String) -> [Value]? {
    do {
      guard let file = try look(atKept: name) else { return nil }
      return [.null, .string(name), .string(file.record.madeBy)] + cells(of: file, "kept", .string(""))
    } catch {
      let reason = (error as? Diagnostic)?.message ?? "\(error)"
      return [.null, .string(name), .null, .null, .string("unusable"), .null, .null, .string(""), .string(reason), .null]
    }
  }

  private func cells(of file: KeptFile, _ state: String, _ note: Value) -> [Value] {
    [
      .int64(Int64(file.source.schema.count)), .string(state), .int64(Int64(file.record.rows)), .int64(Int64(file.record.dataBytes)), note,
      .string(changes(of: file).sentence ?? "as they were"), .string(ageText(ofMicroseconds: file.record.madeMicroseconds)),
    ]
  }
}
