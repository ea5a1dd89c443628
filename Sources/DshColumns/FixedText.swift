// The text of values of fixed width, whatever they mean.

/// The values of a column of fixed width as text; holds no reference, so that loops over rows count none.
///
/// `@unsafe` to make: the buffer must have a value for every row that is asked for, and outlive this.
@safe public struct FixedText: BitwiseCopyable {
  private enum Form: BitwiseCopyable {
    case whole(FixedLayout)
    case uint64
    case float64
    case float32
    case decimal(scale: Int)
    case date
    case timestamp
    case instant(TimeResolution, isUniversal: Bool)
    /// Times of day and lengths of time.
    case length(TimeResolution)
  }

  private let form: Form
  private let base: UnsafeRawPointer

  @unsafe public init(_ type: DataType, _ buffer: Buffer) {
    unsafe base = buffer.address
    form =
      switch type {
      case .float64: .float64
      case .narrow(.float32): .float32
      case .date: .date
      case .timestamp: .timestamp
      case .instant(let unit, let zone): .instant(unit, isUniversal: zone != nil)
      case .time(let unit), .duration(let unit): .length(unit)
      case .decimal(_, let scale): .decimal(scale: scale)
      case .uint64: .uint64
      default: .whole(type.fixedLayout ?? .int64)
      }
  }

  /// Writes the value of a row at an address with room for `CellText.numberLimitBytes`; how many bytes it took.
  public func write(_ row: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    switch form {
    case .float64: unsafe CellText.write(float64: load(row), to: target)
    case .float32: unsafe CellText.write(float32: load(row), to: target)
    case .date: unsafe Calendar.write(date: Int(load(row) as Int32), to: target)
    case .timestamp: unsafe Calendar.write(timestamp: load(row), to: target)
    case .instant(let unit, let isUniversal): unsafe TimeText.write(instant: load(row), unit, isUniversal: isUniversal, to: target)
    case .length(let unit): unsafe TimeText.write(length: load(row), unit, to: target)
    case .decimal(let scale): unsafe DecimalNumber.write(load(row), scale: scale, to: target)
    case .uint64: unsafe CellText.writeDigits(load(row), minimum: 1, to: target)
    case .whole(let layout): unsafe CellText.write(int64: FixedValues(base, layout)[row], to: target)
    }
  }

  /// Whether a row holds a float that is no number.
  public func isFinite(_ row: Int) -> Bool {
    switch form {
    case .float64: (load(row) as Double).isFinite
    case .float32: (load(row) as Float).isFinite
    default: true
    }
  }

  @inline(__always) private func load<T: BitwiseCopyable>(_ row: Int) -> T {
    unsafe base.load(fromByteOffset: row &* MemoryLayout<T>.size, as: T.self)
  }
}

extension CellText {
  /// Writes the shortest text that reads back as the same number of single precision.
  static func write(float32 value: Float, to target: UnsafeMutablePointer<UInt8>) -> Int {
    var text = value.description
    return text.withUTF8 { utf8 in
      let length = min(utf8.count, numberLimitBytes)
      if let base = utf8.baseAddress { unsafe target.update(from: base, count: length) }
      return length
    }
  }
}
