// Recordings: what was written is read, bit by bit; what is torn or damaged is dropped or refused.

using System.Buffers.Binary;

namespace Nudge.Tests.Recordings;

public sealed class RecordingTests
{
    [Fact]
    public void Every_number_of_the_lessons_run_is_read_as_the_engine_had_it()
    {
        var losses = new List<double>();
        var parameters = new List<double[]>();
        var gradients = new List<double[]>();
        var nodes = new List<(Value[] Values, double[] Data, double[] Gradients)>();
        byte[] file = LessonRun.Record(20, loss =>
        {
            losses.Add(loss.Data);
            Value[] values = [.. LessonRun.NodesOf(loss)];
            nodes.Add((values, Array.ConvertAll(values, value => value.Data), Array.ConvertAll(values, value => value.Grad)));
        }, net =>
        {
            parameters.Add(net.Parameters.ToArray());
            var now = new double[net.Parameters.Count];
            net.Parameters.CopyGradientsTo(now);
            gradients.Add(now);
        });

        RunRecording recording = RunRecording.Open(file, "run");
        RecordedStep[] steps = [.. recording.Steps()];
        Assert.Equal(20, steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            RecordedStep step = steps[i];
            Assert.True(step.IsWhole);
            Assert.Equal(i, step.Step);
            Assert.Equal(losses[i], step.Loss);
            Assert.Equal(parameters[i], step.Parameters);
            Assert.Equal(gradients[i], step.Gradients);
            Assert.Equal([0, 1, 2, 3], step.Batch.Order());
            (Value[] values, double[] data, double[] grads) = nodes[i];
            Assert.Equal(values.Select(value => value.Operation), step.Graph!.Nodes.Select(node => node.Operation));
            Assert.Equal(data, step.NodeData);
            for (int n = 0; n < values.Length; n++)
            {
                if (values[n].Operation != Operation.Constant)
                    Assert.Equal(grads[n], step.NodeGradients[n]);
                Assert.Equal(values[n].Operation == Operation.Parameter ? [] : values[n].Inputs, InputsOf(step.Graph.Nodes[n]).Select(place => values[place]));
            }
            Assert.Equal(step.Loss, step.NodeData[^1]);
        }
        Assert.Equal("finished", recording.End!.Reason);
        Assert.Equal("layers.0.neurons.0.w[0]", recording.Info.ParameterNames[0]);

        static int[] InputsOf(RecordedNode node) => node.Operation == Operation.Parameter ? [] : [.. new[] { node.First, node.Second }.Where(place => place >= 0)];
    }

    [Fact]
    public void A_hundred_steps_of_the_lessons_network_take_less_than_a_megabyte() =>
        Assert.InRange(LessonRun.Record(100).Length, 100_000, 1_000_000);

    [Theory]
    [InlineData(GraphEngine.Eager)]
    [InlineData(GraphEngine.Compiled)]
    public void A_recorded_run_makes_the_same_numbers_as_one_that_is_not(GraphEngine engine)
    {
        double[] recorded = [.. RunRecording.Open(LessonRun.Record(30, engine: engine), "run").Steps().Select(step => step.Loss)];
        Assert.Equal([.. LessonRun.Trainer(30, engine: engine).Run().Select(step => step.Loss)], recorded);
    }

    [Fact]
    public void The_predicted_change_and_the_norm_are_the_trainers_own()
    {
        var expected = new List<TrainingStep>();
        byte[] file = LessonRun.Record(10, made: expected.Add);
        RecordedStep[] steps = [.. RunRecording.Open(file, "run").Steps()];
        Assert.All(expected.Zip(steps), pair => Assert.Equal(pair.First.PredictedChange, pair.Second.PredictedChange, 1e-12));
        Assert.All(expected.Zip(steps), pair => Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-12));
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_keeps_every_whole_step_before_the_cut()
    {
        byte[] file = LessonRun.Record(3);
        int[] ends = [.. RecordEnds(file)];
        RecordedStep[] all = [.. RunRecording.Open(file, "run").Steps()];
        for (int length = ends[0]; length < file.Length; length++)
        {
            int wholeRecords = ends.Count(end => end <= length);
            int wholeSteps = Math.Clamp(wholeRecords - 2, 0, 3); // after the start and the graph
            RunRecording cut = RunRecording.Open(file.AsMemory(0, length), "run");
            RecordedStep[] steps = [.. cut.Steps()];
            Assert.Equal(wholeSteps, steps.Length);
            Assert.Equal(all.Take(wholeSteps).Select(step => step.Loss), steps.Select(step => step.Loss));
            Assert.Null(cut.End);
        }
        Assert.Throws<RecordingFormatException>(() => RunRecording.Open(file.AsMemory(0, ends[0] - 1), "run"));
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_never_fills_the_memory()
    {
        byte[] file = LessonRun.Record(4);
        var rng = new Rng(7);
        int refused = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 1500;
        for (int round = 0; round < rounds; round++)
        {
            byte[] damaged = [.. file];
            for (int i = rng.Next(3); i >= 0; i--)
                damaged[rng.Next(damaged.Length)] = (byte)rng.Next(256);
            try
            {
                _ = RunRecording.Open(damaged, "run").Steps().Count();
            }
            catch (RecordingFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, rounds / 2, rounds - 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, rounds * 600_000L);
    }

    [Fact]
    public void Records_with_a_right_checksum_and_wrong_content_are_refused()
    {
        byte[] file = LessonRun.Record(2);
        int[] ends = [.. RecordEnds(file)];
        var rng = new Rng(8);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            // A record of the file, changed in a place that says how the rest is to be read, and signed anew.
            int record = rng.Next(ends.Length), start = record == 0 ? RecordingFormat.HeaderLength : ends[record - 1];
            byte[] damaged = [.. file];
            int place = start + 4 + rng.Next(Math.Min(600, ends[record] - start - 8));
            damaged[place] = (byte)rng.Next(256);
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(ends[record] - 4), RecordingFormat.Checksum(damaged.AsSpan((start + 4)..(ends[record] - 4))));
            try
            {
                _ = RunRecording.Open(damaged, "run").Steps().Count();
            }
            catch (RecordingFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 2999);
    }

    [Fact]
    public void A_foreign_file_and_another_version_are_refused_by_name()
    {
        Assert.Contains("this is no recording", Assert.Throws<RecordingFormatException>(() => RunRecording.Open(new byte[100], "x")).Message);
        byte[] newer = LessonRun.Record(1);
        newer[8] = 9;
        Assert.Contains("of version 9; expected 1", Assert.Throws<RecordingFormatException>(() => RunRecording.Open(newer, "x")).Message);
    }

    [Fact]
    public void With_a_least_interval_the_steps_between_keep_their_losses()
    {
        byte[] file = LessonRun.Record(50, options: new RecorderOptions { LeastInterval = TimeSpan.FromHours(1), FreeBytes = 20_000 });
        RecordedStep[] steps = [.. RunRecording.Open(file, "run").Steps()];
        Assert.Equal(Enumerable.Range(0, 50), steps.Select(step => step.Step));
        Assert.Equal([.. LessonRun.Trainer(50).Run().Select(step => step.Loss)], steps.Select(step => step.Loss));
        Assert.InRange(steps.Count(step => step.IsWhole), 1, 10);
    }

    [Fact]
    public void With_a_share_of_the_time_that_is_used_up_the_steps_keep_their_losses()
    {
        // No run is so long that one step that was kept takes less than this share of it.
        byte[] file = LessonRun.Record(50, options: new RecorderOptions { MostShare = 1e-12, FreeBytes = 20_000 });
        RecordedStep[] steps = [.. RunRecording.Open(file, "run").Steps()];
        int free = steps.TakeWhile(step => step.IsWhole).Count();
        Assert.InRange(free, 2, 10);
        Assert.Equal(free, steps.Count(step => step.IsWhole));
        Assert.Equal([.. LessonRun.Trainer(50).Run().Select(step => step.Loss)], steps.Select(step => step.Loss));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecorderOptions { MostShare = 0 });
    }

    [Fact]
    public void A_graph_that_changes_from_step_to_step_is_kept_as_it_is_each_time()
    {
        Value w = 1.5;
        ParameterList parameters = [w];
        using var stream = new MemoryStream();
        var recorder = new RunRecorder(stream, new RunInfo { Title = "test" }, parameters);
        Func<Value>[] forms = [() => w * w, () => w * 2, () => (w + w).Tanh(), () => (w + w).Tanh(), () => w * w];
        var expected = new List<double>();
        foreach (Func<Value> form in forms)
        {
            Value loss = form();
            parameters.ZeroGradients();
            loss.Backward();
            recorder.Backward(loss);
            expected.Add(loss.Data);
            w.Data -= 0.1 * w.Grad;
            recorder.Updated(0.1);
        }
        recorder.Note(new RunFinding(2, "a", "b", "c", "d"));
        recorder.End("finished");
        RunRecording recording = RunRecording.Open(stream.ToArray(), "run");
        RecordedStep[] steps = [.. recording.Steps()];
        Assert.Equal(expected, steps.Select(step => step.NodeData[^1]));
        Assert.Equal([2, 3, 3, 3, 2], steps.Select(step => step.Graph!.Nodes.Count));
        Assert.Equal([new RunFinding(2, "a", "b", "c", "d")], recording.Findings);
        Assert.Equal([w.Data], recording.End!.Parameters);
    }

    [Fact]
    public void A_graph_beyond_the_limit_leaves_parameters_and_gradients()
    {
        byte[] file = LessonRun.Record(3, options: new RecorderOptions { MostNodes = 100, MostNodesAtTimes = 100 });
        Assert.All(RunRecording.Open(file, "run").Steps(), step =>
        {
            Assert.Null(step.Graph);
            Assert.Equal(41, step.Gradients.Count);
        });
    }

    [Fact]
    public void A_large_graph_is_kept_in_the_first_step_and_then_in_so_many_that_it_makes_up_a_quarter()
    {
        var options = new RecorderOptions { MostNodes = 100 };
        byte[] file = LessonRun.Record(200, options: options), all = LessonRun.Record(200);
        RecordedStep[] steps = [.. RunRecording.Open(file, "run").Steps()], every = [.. RunRecording.Open(all, "run").Steps()];
        Assert.All(steps, step => Assert.True(step.IsWhole));
        int[] kept = [.. steps.Where(step => step.Graph is not null).Select(step => step.Step)];
        Assert.Equal(0, kept[0]);
        Assert.InRange(kept.Length, 5, 20);
        Assert.True(kept[^1] > 150, "they go on to the end");
        Assert.All(kept, step => Assert.Equal(every[step].NodeGradients, steps[step].NodeGradients));
        double nodes = kept.Length * 16.0 * steps[0].Graph!.Nodes.Count;
        Assert.InRange(nodes / file.Length, 0.1, 0.35);
    }

    private static IEnumerable<int> RecordEnds(byte[] file)
    {
        for (int at = RecordingFormat.HeaderLength; at < file.Length;)
        {
            at += RecordingFormat.RecordOverhead + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));
            yield return at;
        }
    }
}
