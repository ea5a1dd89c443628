// `show`: head and tail as one table with the total.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshBackend

struct ShowAction: Action {
  let verb = Verb.ID.show
  let givesValue = true

  func perform(_ context: ActionContext) throws {
    let count = try context.count(default: 10)
    let head = (count + 1) / 2
    let result = try context.run(.ends(first: head, last: count - head))
    let total = result.totalRows ?? 0
    let isWhole = total <= count
    context.emit(
      .rows(
        RowsOutput(
          rows: result.rows, layout: isWhole ? .table : .headAndTail(head: result.firstRows, total: total), totalRows: total)))
    context.receipt(
      result.work, rows: result.rows.rowCount,
      lines: [
        "\(counted(result.rows.rowCount, "row")) of \(groupedText(total)), \(movedText(result.work)); \(blocksText(result.work))"
      ])
  }
}
