// Columns of narrow numbers as columns of those that are computed with.

extension Column {
  /// A column of narrow whole numbers as int64, one of float32 as float64; any other as it is.
  public func widened() -> Column {
    guard case .narrow(let number) = type, case .fixed(let buffer) = storage else { return self }
    let wide: Column
    // The buffer has a value of the layout for each row.
    switch number {
    case .int8: wide = unsafe integers(buffer.pointer(to: Int8.self))
    case .int16: wide = unsafe integers(buffer.pointer(to: Int16.self))
    case .int32: wide = unsafe integers(buffer.pointer(to: Int32.self))
    case .uint8: wide = unsafe integers(buffer.pointer(to: UInt8.self))
    case .uint16: wide = unsafe integers(buffer.pointer(to: UInt16.self))
    case .uint32: wide = unsafe integers(buffer.pointer(to: UInt32.self))
    case .float32:
      let values = unsafe buffer.pointer(to: Float.self)
      wide = unsafe .float64(count: count) { output in for row in 0..<count { unsafe output[row] = Double(values[row]) } }
    }
    return Column(type: wide.type, count: count, validity: validity, storage: wide.storage)
  }

  @inline(__always) private func integers<Number: FixedWidthInteger>(_ values: UnsafePointer<Number>) -> Column {
    unsafe .int64(count: count) { output in for row in 0..<count { unsafe output[row] = Int64(truncatingIfNeeded: values[row]) } }
  }
}
