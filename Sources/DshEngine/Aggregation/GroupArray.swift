// A growable array with a value per group, written by the kernels of this module.

/// Values of a trivial type, one per group; new places hold `initial`.
final class GroupArray<T: BitwiseCopyable> {
  @exclusivity(unchecked) private(set) var pointer: UnsafeMutablePointer<T>
  @exclusivity(unchecked) private(set) var count = 0
  private var capacity = 16
  private let initial: T

  init(initial: T) {
    self.initial = initial
    pointer = .allocate(capacity: capacity)
  }

  deinit { pointer.deallocate() }

  var sizeBytes: Int { capacity * MemoryLayout<T>.stride }

  /// Makes room for at least `wanted` values without adding any.
  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    capacity = max(wanted, capacity * 2)
    let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
    larger.update(from: pointer, count: count)
    pointer.deallocate()
    pointer = larger
  }

  /// Adds places up to `wanted`; their addresses may change.
  func grow(to wanted: Int) {
    guard wanted > count else { return }
    reserve(wanted)
    (pointer + count).update(repeating: initial, count: wanted - count)
    count = wanted
  }

  /// Takes over values that a kernel has written past the end, within what was reserved.
  func accept(count newCount: Int) {
    precondition(newCount >= count && newCount <= capacity, "within what was reserved")
    count = newCount
  }

  subscript(index: Int) -> T {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }
}
