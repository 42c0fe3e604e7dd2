// Row P5: a Kalman filter.

namespace Nudge.Benchmarks;

/// <summary>Where something moving is, from noisy sightings: the negative log-likelihood, by drag and by the two noises.</summary>
internal static class KalmanFilter
{
    private const int Sightings = 100;

    private const double Interval = 0.1;

    internal static LossTask Task()
    {
        const int tracks = 32;
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(3, (p, x) => Loss(p[0], p[1].Exp(), p[2].Exp(), x)),
            Parameters = [0.1, -1, -1.5],
            Inputs = [.. Enumerable.Range(0, tracks).SelectMany(_ => Track(rng))],
            Examples = tracks,
            Rate = 0.01,
        };
    }

    private static double[] Track(Rng rng)
    {
        double place = rng.Normal(), speed = rng.Normal();
        var seen = new double[Sightings];
        for (int t = 0; t < Sightings; t++)
        {
            place += Interval * speed;
            speed += -0.03 * speed + 0.2 * rng.Normal();
            seen[t] = (float)(place + 0.4 * rng.Normal());
        }
        return seen;
    }

    private static Value Loss(Value drag, Value processNoise, Value sightNoise, Value[] seen)
    {
        Value place = 0, speed = 0, pp = 1, ps = 0, ss = 1, sum = 0, kept = 1 - drag * Interval;
        for (int t = 0; t < Sightings; t++)
        {
            // What is expected: the state and its covariance, moved on.
            place += Interval * speed;
            speed *= kept;
            pp = pp + 2 * Interval * ps + Interval * Interval * ss;
            ps = kept * (ps + Interval * ss);
            ss = kept * kept * ss + processNoise;
            // What is seen.
            Value surprise = seen[t] - place, variance = pp + sightNoise;
            sum += surprise * surprise / variance + variance.Log();
            Value gainPlace = pp / variance, gainSpeed = ps / variance;
            place += gainPlace * surprise;
            speed += gainSpeed * surprise;
            ss -= gainSpeed * ps;
            ps = (1 - gainPlace) * ps;
            pp = (1 - gainPlace) * pp;
        }
        return sum / (2 * Sightings);
    }
}
