// `min` and `max` of text and binary.

import DshColumns

/// The least or greatest text of each group, kept in one growing buffer that is laid out anew when half of it is unused.
final class TextExtreme: Accumulator {
  private struct Place: BitwiseCopyable {
    var start = 0
    /// Negative before the first value.
    var count = -1
  }

  private let type: DataType
  private let isMaximum: Bool
  private let places = GroupArray(initial: Place())
  private var bytes = MutableBuffer(capacity: 1024)
  private var usedByteCount = 0

  init(type: DataType, isMaximum: Bool) {
    self.type = type
    self.isMaximum = isMaximum
  }

  override func grow(to groupCount: Int) {
    super.grow(to: groupCount)
    places.grow(to: groupCount)
  }

  override var sizeBytes: Int { super.sizeBytes + places.sizeBytes + bytes.capacity }

  override func add(_ rows: AggregateRows) {
    switch rows.column.storage {
    case .text, .dictionary:
      let texts = TextArgument(rows.column)
      for row in 0..<rows.count where rows.isValid(row) { offer(texts[row], to: rows.group(row)) }
    default: break
    }
  }

  override func merge(_ states: [Column], groups: [UInt32]) { add(AggregateRows(groups: groups, column: states[0])) }

  @inline(__always) private func text(_ place: Place) -> TextSlice {
    TextSlice(start: UnsafePointer(bytes.pointer(to: UInt8.self)) + place.start, count: place.count)
  }

  private func offer(_ candidate: TextSlice, to group: Int) {
    let place = places[group]
    if place.count >= 0 {
      let order = candidate.order(to: text(place))
      if isMaximum ? order <= 0 : order >= 0 { return }
    }
    usedByteCount += candidate.count - max(0, place.count)
    if candidate.count <= place.count {
      // No longer than the text it replaces: it takes its place.
      if let base = candidate.baseAddress { (bytes.start + place.start).copyMemory(from: base, byteCount: candidate.count) }
      places[group].count = candidate.count
    } else {
      places[group] = Place(start: bytes.byteCount, count: candidate.count)
      if let base = candidate.baseAddress { bytes.append(base, byteCount: candidate.count) }
    }
    if bytes.byteCount > 4096 && bytes.byteCount > usedByteCount * 2 { compact() }
  }

  private func compact() {
    let fresh = MutableBuffer(capacity: usedByteCount * 2)
    for group in 0..<places.count where places[group].count > 0 {
      let old = text(places[group])
      places[group].start = fresh.byteCount
      if let base = old.baseAddress { fresh.append(base, byteCount: old.count) }
    }
    bytes = fresh
  }

  override func states(_ rowCounts: GroupArray<Int64>, _ groupCount: Int) -> [Column] {
    let builder = ColumnBuilder(type: type, rows: groupCount)
    for group in 0..<groupCount {
      let place = places[group]
      if place.count < 0 { builder.appendNull() } else { builder.append(text: bytes.start + place.start, byteCount: place.count) }
    }
    return [builder.finish()]
  }
}
