// Every verb of the language, in the order in which help lists them.
import DshDiagnostics

/// The verbs, by name and in order.
public enum VerbRegistry {
  public static let all: [Verb] = [
    // Sources.
    .read, .range, .rows,
    // Transforms.
    .filter, .map, .parse, .flatMap, .mapBatches, .select, .drop, .rename, .fill, .limit, .tail, .withRowNumber, .agg, .valueCounts,
    .pivot, .unpivot, .unnest, .distinct, .sort, .top, .join, .union, .zip, .sample, .shuffle, .split, .repartition,
    // Actions and pins.
    .take, .takeBatch, .takeAll, .show, .count, .sum, .mean, .min, .max, .std, .unique, .schema, .summary, .hist, .bar, .plot, .persist,
    .materialize, .unpersist, .write, .explain, .stats, .toPandas,
  ]

  private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  /// The verb of exactly that name; for the parser, and for what else is about words. Behind it verbs are told by their identity.
  public static func verb(named name: String) -> Verb? { byID[Verb.ID(name)] }

  /// The description of a verb; nil if it is not registered.
  public static func verb(_ id: Verb.ID) -> Verb? { byID[id] }

  /// The name of the verb a person most likely meant.
  public static func nearest(to name: String) -> String? {
    nearestName(to: name, in: all.lazy.map(\.name))
  }
}
