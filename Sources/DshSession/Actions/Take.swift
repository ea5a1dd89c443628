// `take` and `take_batch`: the first rows, and only those, to the shell.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender

extension Session {
  /// Rows taken where no number is given: as many as a screen shows together with what was typed, the frame, the receipt and the next prompt.
  var defaultTakeRows: Int { max(Self.fewestTakeRows, min(Self.mostTakeRows, (screenRows ?? .max) - Self.linesAroundRows)) }

  private static let mostTakeRows = 20
  private static let fewestTakeRows = 5
  /// The statement, five lines of frame, the number of rows, two lines of receipt, the prompt.
  private static let linesAroundRows = 10
}

/// The first rows, row by row or column by column.
struct TakeAction: Action {
  let verb: Verb.ID
  let layout: RowsOutput.Layout
  let givesValue = true

  func rowsNeeded(by stage: StageSyntax, in source: SourceText, _ session: Session) throws -> Int? {
    try session.count(of: stage, in: source) ?? session.defaultTakeRows
  }

  func perform(_ context: ActionContext) throws {
    let count = try context.count(default: context.session.defaultTakeRows)
    let result = try context.run(.head(count))
    context.emit(
      .rows(
        RowsOutput(rows: result.rows, layout: layout, totalRows: result.totalRows, more: count > 0 ? RowsOutput.More(result.more) : .no)))
    context.receipt(result.work, rows: result.rows.rowCount, lines: [takeLine(result)], parts: result.parts)
  }

  /// `block 2 on node2: 3 rows, 204 B moved to head of 61.4 KiB in the block; 2 of 4 blocks run`.
  private func takeLine(_ result: RunReport) -> String {
    let ran = blocksText(result.work)
    guard let first = result.parts.first else { return "no rows; \(ran)" }
    let rows = result.parts.reduce(0) { $0 + $1.rows }
    let moved = result.work.moved.filter { $0.to == "head" }.reduce(0) { $0 + $1.bytes }
    let between = result.work.moved.reduce(0) { $0 + $1.bytes } - moved
    let disk = result.work.diskReadBytes > 0 ? "; \(bytesText(result.work.diskReadBytes)) read from disk" : ""
    let files = result.work.mappedFileBytes > 0 ? "; \(bytesText(result.work.mappedFileBytes)) mapped" : ""
    let elsewhere = (between > 0 ? "; \(bytesText(between)) moved between nodes" : "") + files + disk
    if result.parts.count == 1 {
      return
        "block \(first.block) on \(first.node): \(counted(rows, "row")), \(bytesText(moved)) moved to head of \(bytesText(first.blockBytes)) in the block\(elsewhere); \(ran)"
    }
    var byNode: [(node: String, bytes: Int)] = []
    for part in result.parts {
      if let index = byNode.firstIndex(where: { $0.node == part.node }) {
        byNode[index].bytes += part.movedBytes
      } else {
        byNode.append((part.node, part.movedBytes))
      }
    }
    let nodes = byNode.map { "\($0.node) \(bytesText($0.bytes))" }.joined(separator: ", ")
    return
      "\(counted(result.parts.count, "block")): \(counted(rows, "row")), \(bytesText(moved)) moved to head (\(nodes))\(elsewhere); \(ran)"
  }
}

extension RowsOutput.More {
  /// What a run knows of the rows behind those that it brought.
  fileprivate init(_ more: RunReport.More) {
    switch more {
    case .no: self = .no
    case .maybe: self = .maybe
    case .yes: self = .yes
    }
  }
}
