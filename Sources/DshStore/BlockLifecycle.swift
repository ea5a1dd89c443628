// The life of one block as a pure state machine: events in, what to do out.

/// The state of a block in its store.
///
/// ```
///            seal            settle cached           evict
/// created ────────▶ sealed ────────────────▶ cached ───────▶ gone
///    │                │  ╲   settle pinned    │  ▲
///    │ abort          │   ╲────────────────▶ pinned
///    ▼                │ free (or freed later: doomed, until the last hold is released)
///   gone ◀────────────┘
/// ```
public enum BlockState: Sendable, Equatable {
  /// Being filled by its maker; nobody else can see it.
  case created
  /// Complete, and kept until somebody says what becomes of it.
  case sealed(holds: Int)
  /// Kept while memory allows: evicted when space is needed and nobody holds it.
  case cached(holds: Int)
  /// Kept until it is unpinned.
  case pinned(holds: Int)
  /// Freed, but still held by readers; goes with the last of them.
  case doomed(holds: Int)

  /// What a sealed block is kept for.
  public enum Retention: UInt8, Sendable, CaseIterable {
    case cached, pinned, freed
  }

  public enum Event: Sendable, Equatable {
    case seal
    case abort
    case hold
    case release
    case settle(Retention)
    case evict
  }

  /// What the table has to do after an event.
  public enum Action: Sendable, Equatable {
    case none
    /// Give the space back and forget the block.
    case remove
    /// The event makes no sense in this state; nothing changed.
    case refuse
  }

  public mutating func apply(_ event: Event) -> Action {
    switch (self, event) {
    case (.created, .seal): return become(.sealed(holds: 0))
    case (.created, .abort): return .remove
    case (.created, _), (_, .seal), (_, .abort): return .refuse

    case (.doomed, .hold), (.doomed, .evict): return .refuse
    case (.doomed, .settle(.freed)): return .none
    case (.doomed, .settle): return .refuse
    case (.doomed(let holds), .release): return holds > 1 ? become(.doomed(holds: holds - 1)) : .remove

    case (_, .hold): return become(with(holds: holds + 1))
    case (_, .release): return holds > 0 ? become(with(holds: holds - 1)) : .refuse

    case (_, .settle(.cached)): return become(.cached(holds: holds))
    case (_, .settle(.pinned)): return become(.pinned(holds: holds))
    case (_, .settle(.freed)): return holds > 0 ? become(.doomed(holds: holds)) : .remove

    case (.cached(holds: 0), .evict): return .remove
    case (_, .evict): return .refuse
    }
  }

  /// Readers that must not lose the block.
  public var holds: Int {
    switch self {
    case .created: 0
    case .sealed(let holds), .cached(let holds), .pinned(let holds), .doomed(let holds): holds
    }
  }

  private mutating func become(_ state: BlockState) -> Action {
    self = state
    return .none
  }

  private func with(holds: Int) -> BlockState {
    switch self {
    case .created: .created
    case .sealed: .sealed(holds: holds)
    case .cached: .cached(holds: holds)
    case .pinned: .pinned(holds: holds)
    case .doomed: .doomed(holds: holds)
    }
  }
}
