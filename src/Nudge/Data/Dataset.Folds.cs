// A data set divided for cross-validation.

namespace Nudge;

public sealed partial class Dataset
{
    /// <summary>
    /// Parts for k-fold cross-validation (Stone 1974): every example is held back in just one of them, and trained on in the
    /// others. For classification each class is divided by itself (stratified).
    /// </summary>
    /// <param name="count">How many, from 2 to <see cref="Count"/>.</param>
    /// <param name="rng">Which examples are held back together.</param>
    /// <returns>For each fold the examples to train on, and those that are held back.</returns>
    /// <exception cref="ArgumentException">There are fewer examples than folds.</exception>
    public IReadOnlyList<(Dataset Training, Dataset HeldBack)> Folds(int count, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        RequireFolds(count, Count);
        var foldOf = new int[Count];
        // Dealt like cards, class after class: the folds differ in size by one at most.
        int dealt = 0;
        foreach (int[] group in Groups())
        {
            rng.Shuffle<int>(group);
            foreach (int i in group)
                foldOf[i] = dealt++ % count;
        }
        return [.. Enumerable.Range(0, count).Select(fold => (Where(i => foldOf[i] != fold), Where(i => foldOf[i] == fold)))];
    }

    /// <summary>
    /// Parts for cross-validation of examples that follow each other in time (forward chaining): each fold holds back the
    /// examples that come next after those it trains on.
    /// </summary>
    /// <param name="count">How many, from 2 to <see cref="Count"/> − 1.</param>
    /// <returns>For each fold the examples to train on, and those that are held back.</returns>
    /// <exception cref="ArgumentException">There are too few examples for so many folds.</exception>
    public IReadOnlyList<(Dataset Training, Dataset HeldBack)> FoldsInOrder(int count)
    {
        RequireFolds(count, Count - 1);
        int[] ends = [.. Enumerable.Range(1, count + 1).Select(block => (int)((long)Count * block / (count + 1)))];
        return [.. Enumerable.Range(0, count).Select(fold => (Where(i => i < ends[fold]), Where(i => i >= ends[fold] && i < ends[fold + 1])))];
    }

    private Dataset Where(Func<int, bool> isIn) => Subset([.. Enumerable.Range(0, Count).Where(isIn)]);

    private void RequireFolds(int count, int most)
    {
        if (count < 2)
            throw new ArgumentOutOfRangeException(nameof(count), count, "Expected at least 2 folds.");
        if (count > most)
            throw new ArgumentException($"{Count} {(Count == 1 ? "example is" : "examples are")} too few for {count} folds.", nameof(count));
    }
}
