// The kernels that change types.

import DshColumns
import DshDiagnostics

/// The kernel that turns one type into another; throws if there is none.
func castKernel(from source: DataType, to target: DataType, isTry: Bool) throws(Diagnostic) -> Kernel {
  if source == target || source == .null { return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount).retyped(to: $0.type) } }
  let failure = CastFailure(target: target, isTry: isTry)
  switch (source, target) {
  case (.int64, .float64): return Kernel { call in call.map(Int64.self) { Double($0) } }
  case (.float64, .int64):
    return Kernel(canFail: !isTry) { call in
      let numbers = FixedArgument<Double>(call.arguments[0])
      return call.cast(failure, Int64.self) { Int64(exactly: numbers[$0].rounded(.towardZero)) }
    }
  case (.int64, .bool):
    return Kernel { call in
      let numbers = FixedArgument<Int64>(call.arguments[0])
      return call.predicate { numbers[$0] != 0 }
    }
  case (.float64, .bool):
    return Kernel { call in
      let numbers = FixedArgument<Double>(call.arguments[0])
      return call.predicate { numbers[$0] != 0 }
    }
  case (.bool, .int64): return Kernel { $0.boolNumbers(Int64(1)) }
  case (.bool, .float64): return Kernel { $0.boolNumbers(1.0) }
  case (.date, .timestamp):
    return Kernel(canFail: !isTry) { call in
      let dates = FixedArgument<Int32>(call.arguments[0])
      return call.cast(failure, Int64.self) { Calendar.timestamp(days: Int(dates[$0]), microsecondOfDay: 0) }
    }
  case (.timestamp, .date): return Kernel { call in call.map(Int64.self) { Int32(truncatingIfNeeded: Calendar.split(timestamp: $0).days) } }
  case (.string, .binary): return Kernel { $0.arguments[0].materialized(rowCount: $0.rowCount).plain().retyped(to: .binary) }
  case (.binary, .string):
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      return call.optionalTexts { row, output in
        let text = texts[row]
        guard text.isASCII || String(validating: text, as: UTF8.self) != nil else {
          failure.note(call, row)
          return false
        }
        output.append(text)
        return true
      }
    }
  case (_, .string): return printingKernel(from: source)
  case (.string, _): if let kernel = parsingKernel(failure) { return kernel }
  case (.list, .list), (.map, .map):
    let (from, to) = (source.member ?? .null, target.member ?? .null)
    let elementKernel = try castKernel(from: from, to: to, isTry: isTry)
    return Kernel(canFail: elementKernel.canFail) { $0.castElements(elementKernel, to: to) }
  case (.structure(let from), .structure(let to)): return try structureCast(from, to, isTry: isTry)
  case (.bool, _) where target.isNumeric:
    let number = numberCast(.int64, failure)
    return Kernel(canFail: number.canFail) { call in
      let flags = call.boolNumbers(Int64(1), type: .int64)
      return number.run(call.replacing(flags))
    }
  case (_, .bool) where source.isNumeric:
    let float = numberCast(source, CastFailure(target: .float64, isTry: true))
    return Kernel { call in
      let numbers = FixedArgument<Double>(
        Operand(float.run(call.replacing(call.arguments[0].materialized(rowCount: call.rowCount), type: .float64))))
      return call.predicate { numbers[$0] != 0 }
    }
  case (_, _) where source.isNumeric && target.isNumeric: return numberCast(source, failure)
  default: if let kernel = timeCast(source, failure) { return kernel }
  }
  throw Diagnostic(.badCast, "no cast from \(source.name) to \(target.name)")
}

/// The kernel that turns the fields of structures into those of other types, by their names; those that are not there are null.
private func structureCast(_ from: [Field], _ to: [Field], isTry: Bool) throws(Diagnostic) -> Kernel {
  var members: [(place: Int, kernel: Kernel, type: DataType)?] = []
  for field in to {
    if let place = from.firstIndex(where: { $0.name.isExactly(field.name) }) {
      members.append((place, try castKernel(from: from[place].type, to: field.type, isTry: isTry), field.type))
    } else {
      members.append(nil)
    }
  }
  let found = members
  return Kernel(canFail: found.contains { $0?.kernel.canFail ?? false }) { call in
    let operand = call.arguments[0].materialized(rowCount: call.rowCount)
    guard case .structure(let columns) = operand.storage else { return call.allNull() }
    let cast = zip(found, to).map { member, field in
      guard let (place, kernel, type) = member else { return Column.repeating(.null, type: field.type, count: call.rowCount) }
      let column = columns[place].slice(from: 0, count: call.rowCount)
      // A member of no row that there is can't fail.
      let valid = intersection(operand.validity, column.validity)
      let inner = Call(
        arguments: [Operand(column)], rowCount: call.rowCount, type: type, validity: valid, part: call.part, errors: call.errors)
      let result = Operand(column).isConstantNull ? Operand(.null, type: type).materialized(rowCount: call.rowCount) : kernel.run(inner)
      return result.withValidity(intersection(result.validity, column.validity))
    }
    return Column(type: call.type, count: call.rowCount, validity: nil, storage: .structure(cast))
  }
}

/// The kernel that reads texts as values of another type; nil for types that have no text.
private func parsingKernel(_ failure: CastFailure) -> Kernel? {
  let isTry = failure.isTry
  switch failure.target {
  case .int64:
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      return call.cast(failure, Int64.self) { NumberText.parseInteger(texts[$0]) }
    }
  case .float64:
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      return call.cast(failure, Double.self) { NumberText.parseFloat(texts[$0]) }
    }
  case .date:
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      return call.cast(failure, Int32.self) { Calendar.parseDate(UnsafeRawBufferPointer(texts[$0].trimmedSpaces)) }
    }
  case .timestamp:
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      return call.cast(failure, Int64.self) { Calendar.parseTimestamp(UnsafeRawBufferPointer(texts[$0].trimmedSpaces)) }
    }
  case .bool: return Kernel(canFail: !isTry) { $0.parseBools(failure) }
  case let type where type.isParsed:
    return Kernel(canFail: !isTry) { call in
      let texts = TextArgument(call.arguments[0])
      let builder = ColumnBuilder(type: type, rows: call.rowCount)
      for row in 0..<call.rowCount {
        if !call.isValid(row) {
          builder.appendNull()
        } else if !builder.append(parsing: UnsafeRawBufferPointer(texts[row].trimmedSpaces)) {
          failure.note(call, row)
        }
      }
      return builder.finish()
    }
  default: return nil
  }
}

/// The kernel that writes values as texts.
private func printingKernel(from source: DataType) -> Kernel {
  switch source {
  case .int64:
    return Kernel { call in
      let numbers = FixedArgument<Int64>(call.arguments[0])
      return call.texts { row, output in CellText.append(int64: numbers[row], to: output.bytes) }
    }
  case .float64:
    return Kernel { call in
      let numbers = FixedArgument<Double>(call.arguments[0])
      return call.texts { row, output in CellText.append(float64: numbers[row], to: output.bytes) }
    }
  default:
    return Kernel(canFail: true) { call in
      let operand = call.arguments[0]
      return call.texts { row, output in CellText.append(operand.column, row: operand.isConstant ? 0 : row, to: output.bytes) }
    }
  }
}

/// What happens to a value that has no counterpart in the target type.
struct CastFailure: Sendable {
  let target: DataType
  let isTry: Bool

  func note(_ call: Call, _ row: Int) {
    if isTry { return }
    let text = CellText.string(call.arguments[0].value(at: row)) ?? "null"
    let shown = Diagnostic.shown(text)
    let quoted = call.arguments[0].type == .string ? "\"\(shown)\"" : shown
    call.fail(
      row,
      Diagnostic(
        .badCast, "not a value of \(target.name): \(quoted)", suggestion: "try_cast(x, \(target.name)) gives null instead"))
  }
}

extension Call {
  /// One fixed-width value per row; nil is null or an error as the cast says.
  @inline(__always) func cast<R: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ failure: CastFailure, _: R.Type, _ step: (Int) -> R?
  ) -> Column {
    mapOptional(R.self) { row in
      let value = step(row)
      if value == nil { failure.note(self, row) }
      return value
    }
  }

  @inline(__always)
  fileprivate func boolNumbers<R: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ one: R, type: DataType? = nil) -> Column {
    let bools = BoolArgument(arguments[0])
    return replacing(arguments[0].column, type: type ?? self.type)
      .fixed(R.self) { output in for row in 0..<rowCount { output[row] = bools[row] ? one : 0 } }
  }

  /// The call over another argument, and perhaps for another result.
  func replacing(_ argument: Column, type: DataType? = nil) -> Call {
    Call(arguments: [Operand(argument)], rowCount: rowCount, type: type ?? self.type, validity: validity, part: part, errors: errors)
  }

  fileprivate func parseBools(_ failure: CastFailure) -> Column {
    let texts = TextArgument(arguments[0])
    var bits = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
    let valid = Bitmap.make(count: rowCount) { word in
      var validBits: UInt64 = 0
      for row in word * 64..<min(rowCount, word * 64 + 64) where isValid(row) {
        guard let flag = NumberText.parseBool(texts[row]) else {
          failure.note(self, row)
          continue
        }
        validBits |= 1 &<< UInt64(row & 63)
        if flag { bits[word] |= 1 &<< UInt64(row & 63) }
      }
      return validBits
    }
    return bools(.make(count: rowCount) { bits[$0] }, validity: valid)
  }

  /// Lists of one type from lists of another, element by element.
  fileprivate func castElements(_ kernel: Kernel, to elementType: DataType) -> Column {
    guard case .list(let offsets, let elements) = arguments[0].materialized(rowCount: rowCount).storage else { return allNull() }
    let bounds = offsets.pointer(to: Int32.self)
    // Only the elements that rows use, so that no other can fail.
    let used = elements.slice(from: Int(bounds[0]), count: Int(bounds[rowCount] - bounds[0]))
    let inner = RowErrors()
    let operand = Operand(used)
    let cast =
      operand.isConstantNull
      ? Operand(.null, type: elementType).materialized(rowCount: used.count)
      : kernel.run(Call(arguments: [operand], rowCount: used.count, type: elementType, validity: used.validity, part: part, errors: inner))
    if let error = inner.first {
      var row = 0
      while row + 1 < rowCount && Int(bounds[row + 1] - bounds[0]) <= error.row { row += 1 }
      fail(row, error.diagnostic)
    }
    let shifted = MutableBuffer(capacity: (rowCount + 1) * 4)
    for row in 0...rowCount { shifted.append(bounds[row] - bounds[0]) }
    let values = cast.withValidity(intersection(cast.validity, used.validity))
    return Column(
      type: type, count: rowCount, validity: nil, storage: .list(offsets: shifted.freeze(), elements: values.retyped(to: elementType)))
  }
}

extension Column {
  /// The same buffers under another type of the same layout; a column of nothing becomes nulls.
  func retyped(to target: DataType) -> Column {
    if type == target { return self }
    if type == .null { return Operand(.null, type: target).materialized(rowCount: count) }
    return Column(type: target, count: count, validity: validity, storage: storage)
  }
}
