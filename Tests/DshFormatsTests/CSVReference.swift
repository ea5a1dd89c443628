// A slow CSV parser that can be read at a glance: the definition that the fast one is held against.
@testable import DshFormats

/// The records of a text, each cell with whether it was quoted; blank lines left out unless `columns` is 1.
func referenceRecords(_ text: [UInt8], _ dialect: CSVDialect, columns: Int) -> [[(text: [UInt8], isQuoted: Bool)]] {
  var records: [[(text: [UInt8], isQuoted: Bool)]] = []
  var record: [(text: [UInt8], isQuoted: Bool)] = []
  var cell: [UInt8] = []
  var isQuoted = false
  var isInside = false
  var isAtStart = true
  var index = 0
  // Whether the cell's last byte is a carriage return as it stands in the file.
  var endsWithReturn = false

  func endCell() {
    record.append((cell, isQuoted))
    (cell, isQuoted, isAtStart, endsWithReturn) = ([], false, true, false)
  }
  func endRecord() {
    if endsWithReturn { cell.removeLast() }
    let isBlank = record.isEmpty && cell.isEmpty && !isQuoted
    endCell()
    if !isBlank || columns == 1 { records.append(record) }
    record = []
  }

  func isLineEnd(_ place: Int) -> Bool {
    if text[place] == UInt8(ascii: "\n") { return true }
    return dialect.endsAtReturns && text[place] == UInt8(ascii: "\r") && (place + 1 == text.count || text[place + 1] != UInt8(ascii: "\n"))
  }

  while index < text.count {
    let byte = text[index]
    if isAtStart, record.isEmpty, byte == dialect.comment {
      while index < text.count, !isLineEnd(index) { index += 1 }
      index += 1
      continue
    }
    index += 1
    if let escape = dialect.escape, byte == escape, index < text.count {
      cell.append(text[index])
      endsWithReturn = text[index] == UInt8(ascii: "\r")
      index += 1
      isAtStart = false
    } else if isInside {
      if byte != dialect.quote {
        cell.append(byte)
      } else if index < text.count && text[index] == byte {
        cell.append(byte)
        index += 1
      } else {
        isInside = false
      }
    } else if byte == dialect.quote && isAtStart {
      (isInside, isQuoted, isAtStart) = (true, true, false)
    } else if text[(index - 1)...].starts(with: dialect.delimiter.bytes) {
      endCell()
      index += dialect.delimiter.bytes.count - 1
    } else if isLineEnd(index - 1) {
      endRecord()
    } else {
      cell.append(byte)
      isAtStart = false
      endsWithReturn = byte == UInt8(ascii: "\r")
    }
  }
  if text.last.map({ !isLineEnd(text.count - 1) && $0 != 0 }) ?? false || !record.isEmpty || !cell.isEmpty || isQuoted { endRecord() }
  return records
}
