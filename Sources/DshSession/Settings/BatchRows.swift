// The setting `batch-rows`.

extension Setting {
  static let batchRows = Setting(
    name: "batch-rows", placeholder: "N", summary: "Rows that flow through a task at once; changes speed, never results",
    example: "N from 1 to 1,048,576",
    read: { String($0.batchRows) },
    write: { settings, text in
      guard let rows = Int(text), Settings.batchRowsRange ~= rows else { return false }
      settings.batchRows = rows
      return true
    })
}
