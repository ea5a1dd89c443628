// Small batches, and bytes as a defect might change them.

import DshColumns

@testable import DshTasks

/// So many variants of valid bytes, always the same ones.
func mutations(of bytes: [UInt8], count: Int, seed: UInt64 = 1) -> [[UInt8]] {
  var random = SplitMix(seed: seed)
  return (0..<count).map { _ in
    var changed = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !changed.isEmpty {
      let place = Int.random(in: changed.indices, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: changed[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 1: changed[place] = [0, 1, 2, 3, 8, 9, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
      case 2: changed.removeSubrange(place..<min(changed.count, place + Int.random(in: 1...8, using: &random)))
      default: changed.insert(UInt8.random(in: 0...255, using: &random), at: place)
      }
    }
    return changed
  }
}

/// Random numbers that a seed fixes (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}

func column(_ type: DataType, _ values: [Value]) -> Column {
  let builder = ColumnBuilder(type: type)
  for value in values { builder.append(value) }
  return builder.finish()
}

/// Columns called `a`, `b`, `c`, … as a batch.
func batch(_ columns: Column...) -> Batch {
  let names = "abcdefghijklmnopqrstuvwxyz".map(String.init)
  return Batch(schema: Schema(zip(names, columns).map { Field($0, $1.type) }), columns: columns, rowCount: columns.first?.count ?? 0)
}

extension Batch {
  var rows: [[Value]] { (0..<rowCount).map(row) }
}

/// Segments as one run of memory, as whoever receives them has it.
func laidOut(_ segments: Segments) -> Buffer {
  let memory = MutableBuffer(capacity: 0)
  for segment in segments.buffers { memory.append(segment) }
  return memory.freeze()
}

func laidOut(_ rows: Batch) -> Buffer { laidOut(Segments(BlockFormat.encode(rows).runs)) }
