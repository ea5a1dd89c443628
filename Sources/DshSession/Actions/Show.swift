// `show`: head and tail as one table with the total.

import DshColumns
import DshLanguage

struct ShowAction: Action {
  let verb = Verb.ID.show
  let givesValue = true

  func perform(_ context: ActionContext) throws {
    let backend = context.backend
    let count = try context.count(default: 10)
    let head = (count + 1) / 2
    let result = try backend.headAndTail(context.plan, head: head, tail: count - head)
    let isWhole = result.total <= count
    context.emit(
      .rows(
        RowsOutput(
          rows: result.rows, layout: isWhole ? .table : .headAndTail(head: result.head, total: result.total), totalRows: result.total,
          moreFollow: false)))
    context.receipt(
      result.run, rows: result.rows.rowCount,
      lines: [
        "\(counted(result.rows.rowCount, "row")) of \(groupedText(result.total)), \(movedText(result.run)); \(blocksText(result.run))"
      ])
  }
}
