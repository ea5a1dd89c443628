// Bytes as a defect or another version of dsh might send them: valid ones with something changed, cut out or put in.

/// So many variants of valid bytes.
func mutations(of bytes: [UInt8], seed: UInt64, count: Int) -> [[UInt8]] {
  var random = SplitMix(seed: seed)
  return (0..<count).map { _ in
    var changed = bytes
    for _ in 0..<random.int(1...3) where !changed.isEmpty {
      let place = random.int(0...changed.count - 1)
      switch random.int(0...3) {
      case 0: changed[place] ^= 1 << UInt8(random.int(0...7))
      case 1: changed[place] = random.pick([0, 1, 2, 3, 8, 9, 0x7F, 0x80, 0xFF])
      case 2: changed.removeSubrange(place..<min(changed.count, place + random.int(1...8)))
      default: changed.insert(contentsOf: (0..<random.int(1...8)).map { _ in UInt8(random.int(0...255)) }, at: place)
      }
    }
    return changed
  }
}
