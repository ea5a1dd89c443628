// Lists made of numbers, of lists, and lists of lists and of structures.

import DshColumns
import DshDiagnostics
import DshPlan

extension FunctionRegistry {
  static let listShaping: [Function] = [
    Function(
      "sequence", .list, ["from", "to", "step"], [.from(.int64, .int64, .int64, optional: 1, to: .list(.int64))],
      "The whole numbers from one to another, both included, a step apart (1 if none is given; a negative step goes down).",
      examples: [("sequence(1, 4)", "[1, 2, 3, 4]"), ("sequence(10, 1, -4)", "[10, 6, 2]"), ("sequence(3, 1)", "[]")]
    ) { _ in
      Kernel(canFail: true) { call in
        let (from, to) = (FixedArgument<Int64>(call.arguments[0]), FixedArgument<Int64>(call.arguments[1]))
        let steps = call.arguments.count > 2 ? FixedArgument<Int64>(call.arguments[2]) : nil
        let numbers = MutableBuffer(capacity: call.rowCount * 32)
        let offsets = MutableBuffer(capacity: (call.rowCount + 1) * 4)
        offsets.append(Int32(0))
        for row in 0..<call.rowCount {
          if call.isValid(row) { append(from[row], to[row], steps?[row] ?? 1, to: numbers, call, row) }
          offsets.append(Int32(truncatingIfNeeded: numbers.byteCount / 8))
        }
        let elements = Column(type: .int64, count: numbers.byteCount / 8, validity: nil, storage: .fixed(numbers.freeze()))
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: elements))
      }
    },
    Function(
      "list_flatten", .list, ["list"], [Overload([.list(.anyList)], result: .anyList)],
      "The elements of the lists in a list; lists that are null are skipped.",
      examples: [("list_flatten([[1, 2], [], [3]])", "[1, 2, 3]"), ("list_flatten([[\"a\"], null])", "[a]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        guard case .list = lists.elements.type else { return call.lists([]) { _, _ in } }
        let inner = ListArgument(Operand(lists.elements))
        return call.lists([inner.elements]) { row, places in
          for index in lists[row] where lists.elements.isValid(index) {
            for element in inner[index] { places.append(Int32(truncatingIfNeeded: element)) }
          }
        }
      }
    },
    Function(
      "list_chunks", .list, ["list", "size"], [Overload([.anyList, .exact(.int64)], result: .list(.anyList))],
      "The elements in lists of a size, the last of which may be shorter.",
      examples: [("list_chunks([1, 2, 3], 2)", "[[1, 2], [3]]"), ("list_chunks([], 2)", "[]")]
    ) { _ in
      Kernel(canFail: true) { call in
        let lists = ListArgument(call.arguments[0])
        let sizes = FixedArgument<Int64>(call.arguments[1])
        let (places, inner) = (MutableBuffer(capacity: call.rowCount * 8), MutableBuffer(capacity: call.rowCount * 8))
        let outer = MutableBuffer(capacity: (call.rowCount + 1) * 4)
        inner.append(Int32(0))
        outer.append(Int32(0))
        for row in 0..<call.rowCount {
          if call.isValid(row) {
            let (range, size) = (lists[row], Int(clamping: sizes[row]))
            if size < 1 {
              call.fail(row, Diagnostic(.badArgument, "a part of a list has at least 1 element, not \(size)"))
            } else if range.count > ListArgument.elementLimit - places.byteCount / 4 {
              call.fail(row, .listTooLong)
            } else {
              for index in range {
                if index > range.lowerBound, (index - range.lowerBound) % size == 0 {
                  inner.append(Int32(truncatingIfNeeded: places.byteCount / 4))
                }
                places.append(Int32(truncatingIfNeeded: index))
              }
              if !range.isEmpty { inner.append(Int32(truncatingIfNeeded: places.byteCount / 4)) }
            }
          }
          outer.append(Int32(truncatingIfNeeded: inner.byteCount / 4 - 1))
        }
        guard case .list(let partType) = call.type else { return call.allNull() }
        let picked = RowIndexes(buffer: places.freeze(), count: places.byteCount / 4)
        if lists.elements.firstPickBeyondLimit(picked) != nil {
          call.fail(0, .batchTextTooLong)
          return call.allNull()
        }
        let parts = Column(
          type: partType, count: inner.byteCount / 4 - 1, validity: nil,
          storage: .list(offsets: inner.freeze(), elements: lists.elements.gather(picked)))
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .list(offsets: outer.freeze(), elements: parts))
      }
    },
    Function(
      "list_zip", .list, ["a", "b"],
      [
        Overload(
          [.list(.variable(0)), .list(.variable(1))],
          result: .list(.record([PatternField("first", .variable(0)), PatternField("second", .variable(1))])))
      ],
      "Pairs of the elements of two lists at the same place, as structures of `first` and `second`; the shorter list goes on with nulls.",
      examples: [
        ("list_map(list_zip([1, 2], [10, 20]), p -> p.first + p.second)", "[11, 22]"),
        ("list_map(list_zip([\"a\", \"b\"], [1]), p -> p.second)", "[1, null]"),
      ]
    ) { _ in
      Kernel(canFail: true) { call in
        guard case .list(let pairType) = call.type else { return call.allNull() }
        let (a, b) = (ListArgument(call.arguments[0]), ListArgument(call.arguments[1]))
        let (left, right) = (MutableBuffer(capacity: call.rowCount * 8), MutableBuffer(capacity: call.rowCount * 8))
        let offsets = MutableBuffer(capacity: (call.rowCount + 1) * 4)
        offsets.append(Int32(0))
        for row in 0..<call.rowCount {
          let (first, second) = call.isValid(row) ? (a[row], b[row]) : (0..<0, 0..<0)
          if max(first.count, second.count) > ListArgument.elementLimit - left.byteCount / 4 {
            call.fail(row, .listTooLong)
          } else {
            for index in 0..<max(first.count, second.count) {
              left.append(Int32(truncatingIfNeeded: index < first.count ? first.lowerBound + index : -1))
              right.append(Int32(truncatingIfNeeded: index < second.count ? second.lowerBound + index : -1))
            }
          }
          offsets.append(Int32(truncatingIfNeeded: left.byteCount / 4))
        }
        let count = left.byteCount / 4
        let (leftRows, rightRows) = (RowIndexes(buffer: left.freeze(), count: count), RowIndexes(buffer: right.freeze(), count: count))
        if a.elements.firstPickBeyondLimit(leftRows) != nil || b.elements.firstPickBeyondLimit(rightRows) != nil {
          call.fail(0, .batchTextTooLong)
          return call.allNull()
        }
        let pairs = Column(
          type: pairType, count: count, validity: nil, storage: .structure([a.elements.gather(leftRows), b.elements.gather(rightRows)]))
        return Column(type: call.type, count: call.rowCount, validity: nil, storage: .list(offsets: offsets.freeze(), elements: pairs))
      }
    },
    Function(
      "list_sort_desc", .list, ["list"], [Overload([.anyList], result: .anyList)], "The elements in descending order, nulls last.",
      examples: [("list_sort_desc([3, null, 1, 2])", "[3, 2, 1, null]"), ("list_sort_desc([\"a\", \"b\"])", "[b, a]")]
    ) { _ in
      Kernel { call in
        let lists = ListArgument(call.arguments[0])
        return call.lists([lists.elements]) { row, places in
          let sorted = lists.sorted(row)
          let values = sorted.prefix { lists.elements.isValid($0) }
          for index in values.reversed() { places.append(Int32(truncatingIfNeeded: index)) }
          for index in sorted.dropFirst(values.count) { places.append(Int32(truncatingIfNeeded: index)) }
        }
      }
    },
  ]

  private static func append(_ from: Int64, _ to: Int64, _ step: Int64, to numbers: MutableBuffer, _ call: Call, _ row: Int) {
    if step == 0 { return call.fail(row, Diagnostic(.badArgument, "a sequence needs a step other than 0")) }
    if step > 0 ? from > to : from < to { return }
    let count = from.distanceMagnitude(to: to) / step.magnitude
    guard count < UInt64(ListArgument.elementLimit - numbers.byteCount / 8) else { return call.fail(row, .listTooLong) }
    for index in 0...Int64(count) { numbers.append(from &+ index &* step) }
  }
}

extension Int64 {
  /// How far another number is away.
  fileprivate func distanceMagnitude(to other: Int64) -> UInt64 {
    self < other ? UInt64(bitPattern: other &- self) : UInt64(bitPattern: self &- other)
  }
}
