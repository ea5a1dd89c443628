// `take_all`: every row to the shell, after a look at the size.

import DshColumns
import DshDiagnostics

extension Session {
  func takeAll(_ context: ActionContext) throws {
    let force = context.option("force")?.bool ?? false
    let limit = context.option("max-bytes")?.value?.sizeBytes.map { Int(clamping: $0) } ?? settings.maxBytes
    do {
      let result = try backend.takeAll(context.plan, limitBytes: force ? nil : limit)
      context.emit(.rows(RowsOutput(rows: result.rows, layout: .table, totalRows: result.rows.rowCount, moreFollow: false)))
      context.receipt(
        result.run, rows: result.rows.rowCount,
        lines: ["\(counted(result.rows.rowCount, "row")), \(movedText(result.run)); \(blocksText(result.run))"])
    } catch let diagnostic as Diagnostic where diagnostic.code == "too-many-bytes" {
      throw diagnostic.at(context.stage.verb.span)
    }
  }
}
