// The word of a rank among words that are in no order, found without sorting them all.

/// Quickselect (Hoare, "Algorithm 65: find", Communications of the ACM 4, 1961) with the median of three as pivot.
enum RankSelection {
  /// So few are sorted at once.
  private static let fewWords = 24
  /// After so many rounds, far more than a pivot in the middle takes, the rest is sorted: words can be arranged so that each pivot is a bad one.
  private static let roundLimit = 64

  /// Moves words so that the one of a rank is in its place: none before it is greater, and none behind it less.
  static func place(_ rank: Int, among words: UnsafeMutableBufferPointer<Int64>) -> Int64 {
    guard let base = words.baseAddress, words.indices.contains(rank) else {
      preconditionFailure("a rank among \(words.count) words: \(rank)")
    }
    var low = 0
    var high = words.count - 1
    var rounds = 0
    while high &- low >= fewWords {
      rounds += 1
      if rounds > roundLimit {
        var rest = UnsafeMutableBufferPointer(rebasing: words[low...high])
        rest.sort()
        return base[rank]
      }
      let pivot = median(base[low], base[low &+ (high &- low) / 2], base[high])
      // Both searches end at words that are the pivot, at the latest.
      var left = low
      var right = high
      while left <= right {
        while base[left] < pivot { left &+= 1 }
        while base[right] > pivot { right &-= 1 }
        if left <= right {
          let word = base[left]
          base[left] = base[right]
          base[right] = word
          left &+= 1
          right &-= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { return base[rank] }
    }
    insertionSort(base + low, high &- low &+ 1)
    return base[rank]
  }

  @inline(__always) private static func median(_ a: Int64, _ b: Int64, _ c: Int64) -> Int64 { max(min(a, b), min(max(a, b), c)) }

  private static func insertionSort(_ base: UnsafeMutablePointer<Int64>, _ count: Int) {
    guard count > 1 else { return }
    for index in 1..<count {
      let word = base[index]
      var place = index
      while place > 0, base[place &- 1] > word {
        base[place] = base[place &- 1]
        place &-= 1
      }
      base[place] = word
    }
  }
}
