// Elements of lists, one after the other, and the body of a lambda over them.

import DshColumns

extension RowIndexes {
  /// Some of them.
  func part(from start: Int, count length: Int) -> RowIndexes {
    RowIndexes(buffer: buffer.slice(from: start * 4, byteCount: length * 4), count: length)
  }
}

/// The elements of the lists of a batch, one after the other.
struct FlatElements {
  /// Where the elements are taken from.
  let elements: Column
  /// The place of each there.
  let places: RowIndexes
  /// The row of each.
  let rows: RowIndexes
  /// Where the elements of each row begin and end among all.
  let offsets: Buffer

  /// The elements of the rows that a call is for.
  init(_ lists: ListArgument, _ call: Call) {
    let places = MutableBuffer(capacity: call.rowCount * 8)
    let rows = MutableBuffer(capacity: call.rowCount * 8)
    let offsets = MutableBuffer(capacity: (call.rowCount + 1) * 4)
    offsets.append(Int32(0))
    for row in 0..<call.rowCount {
      if call.isValid(row) {
        let range = lists[row]
        if range.count > ListArgument.elementLimit - rows.byteCount / 4 {
          call.fail(row, .listTooLong)
        } else {
          for index in range {
            places.append(Int32(truncatingIfNeeded: index))
            rows.append(Int32(truncatingIfNeeded: row))
          }
        }
      }
      offsets.append(Int32(truncatingIfNeeded: rows.byteCount / 4))
    }
    if case .list(let type) = call.arguments[0].type { elements = lists.elements.retyped(to: type) } else { elements = lists.elements }
    self.rows = RowIndexes(buffer: rows.freeze(), count: rows.byteCount / 4)
    self.places = RowIndexes(buffer: places.freeze(), count: places.byteCount / 4)
    self.offsets = offsets.freeze()
  }

  /// The indexes of a row's elements among all.
  @inline(__always) subscript(row: Int) -> Range<Int> {
    let ends = offsets.pointer(to: Int32.self)
    return Int(ends[row])..<Int(ends[row &+ 1])
  }
}

extension BoundLambda {
  /// The most elements that the body is evaluated for at once, so that what is taken out for them stays small.
  private static let elementLimit = 1 << 16

  /// How many elements can be taken at once, with what belongs to their rows.
  private func chunkLength(elementBytes: Int) -> Int {
    var bytes = elementBytes
    for index in lambda.body.columns { bytes = min(bytes, Int.max / 2) + min(frame.columns[index].largestValueBytes, Int.max / 2) }
    for number in lambda.body.parameters where number < lambda.first {
      bytes = min(bytes, Int.max / 2) + min(frame.parameters[number].largestValueBytes, Int.max / 2)
    }
    return max(1, min(Self.elementLimit, TextOutput.byteLimit / max(1, bytes)))
  }

  /// What the body, which has one parameter, gives for each of some elements of lists.
  func evaluate(_ flat: FlatElements, _ call: Call) -> Column {
    let length = chunkLength(elementBytes: flat.elements.largestValueBytes)
    if flat.rows.count <= length { return evaluate(flat.rows, [flat.elements.gather(flat.places)]) }
    var pieces: [Column] = []
    var byteCount = 0
    for start in stride(from: 0, to: flat.rows.count, by: length) {
      let count = min(length, flat.rows.count - start)
      let piece = evaluate(flat.rows.part(from: start, count: count), [flat.elements.gather(flat.places.part(from: start, count: count))])
      byteCount += piece.plainTextBytes
      if byteCount > TextOutput.byteLimit {
        call.fail(Int(flat.rows.pointer[start]), .batchTextTooLong)
        pieces.append(Column.repeating(.null, type: lambda.body.type, count: flat.rows.count - start))
        break
      }
      pieces.append(piece)
    }
    return Column.concatenation(pieces, type: lambda.body.type)
  }
}
