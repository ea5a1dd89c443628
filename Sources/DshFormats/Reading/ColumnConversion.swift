// Columns of files that say themselves which types they have, in those that a `read` has.
import DshColumns

extension Column {
  /// The column in the type that the files of a `read` agreed on.
  func converted(to wanted: DataType) -> Column {
    if type == wanted { return self }
    let builder = ColumnBuilder(type: wanted, rows: count)
    if wanted != .string {
      builder.append(self)
      return builder.finish()
    }
    let text = MutableBuffer(capacity: 64)
    for row in 0..<count {
      guard isValid(row) else {
        builder.appendNull()
        continue
      }
      text.byteCount = 0
      CellText.append(self, row: row, to: text)
      builder.append(text: UnsafeRawPointer(text.start), byteCount: text.byteCount)
    }
    return builder.finish()
  }
}
