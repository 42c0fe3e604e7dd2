// What a .NET developer expects to find: streams, sequences, generic math, and text as it comes.

using System.Numerics;
using Nudge.Recordings;

namespace Nudge.PublicTests;

public class EverydayTests
{
    [Fact]
    public void Values_add_up_in_generic_code()
    {
        Value a = 2, b = 3;
        Value sum = SumOf([a, b, a * b]), product = ProductOf([a, b, a]);
        Assert.Equal(11, sum.Data);
        Assert.Equal(12, product.Data);
        Assert.Equal([4, 3], sum.Gradients([a, b]));
        Assert.Equal([12, 4], product.Gradients([a, b]));
        Assert.Equal(0, SumOf<Value>([]).Data);
        Assert.Equal(1, ProductOf<Value>([]).Data);

        static T SumOf<T>(IEnumerable<T> items)
            where T : IAdditionOperators<T, T, T>, IAdditiveIdentity<T, T> => items.Aggregate(T.AdditiveIdentity, (sum, item) => sum + item);

        static T ProductOf<T>(IEnumerable<T> items)
            where T : IMultiplyOperators<T, T, T>, IMultiplicativeIdentity<T, T> => items.Aggregate(T.MultiplicativeIdentity, (product, item) => product * item);
    }

    [Fact]
    public void Items_of_any_kind_are_examples()
    {
        Dataset numbers = Dataset.From(Sequence(), item => [item.X, item.X * 2], item => [item.X + 1]);
        Assert.Equal((3, 2, 1), (numbers.Count, numbers.InputCount, numbers.TargetCount));
        Assert.Equal([2, 4], numbers.Inputs[2]);
        Assert.Null(numbers.Classes);
        Dataset classes = Dataset.From(Sequence(), item => [item.X], item => item.Name);
        Assert.Equal(["even", "odd"], classes.Classes);
        Assert.Equal([0, 1, 0], classes.Targets.Select(target => target[0]));
        Assert.Throws<ArgumentException>(() => Dataset.From(Array.Empty<int>(), item => [item], item => [item]));
        Assert.Throws<ArgumentException>(() => Dataset.From([1, 2], item => new double[item], item => [item]));

        static IEnumerable<(double X, string Name)> Sequence()
        {
            for (int i = 0; i < 3; i++)
                yield return (i, i % 2 == 0 ? "even" : "odd");
        }
    }

    [Fact]
    public void Tables_and_texts_need_no_file()
    {
        string csv = "size,colour,good\n" + string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{i % 9},{(i % 2 == 0 ? "réd" : "blue")},{(i % 4 < 2 ? "yes" : "no")}"));
        Dataset data = Dataset.FromCsv(new StringReader(csv), new TableOptions { Target = "good" });
        Assert.Equal(40, data.Count);
        Assert.Contains("colour=réd", data.InputNames);
        var model = new TrainedModel(
            new Mlp(data.InputCount, [1], new Rng(1), Activation.Linear), Objective.BinaryCrossEntropy, data.InputNames, data.TargetName, data.Classes, data.Schema!.Fit(data))
        {
            Schema = data.Schema,
        };
        Assert.Equal(2, model.InputsFrom(model.ReadTable(new StringReader("size,colour\n1,blue\n2,réd"))).Rows.Count);
        Assert.Contains("the table", Assert.Throws<DataFormatException>(() => CsvFile.Read(new StringReader(""))).Message, StringComparison.Ordinal);

        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(csv);
        Assert.Equal(data.Inputs, Dataset.FromCsv(new UnseekableStream(bytes), new TableOptions { Target = "good" }).Inputs);
        Assert.Equal(data.Inputs, Dataset.FromCsv(bytes, new TableOptions { Target = "good" }).Inputs);
        Assert.Equal(data.Inputs, model.ExamplesFrom(model.ReadTable(bytes)).Data!.Inputs);
        Assert.Equal(data.Inputs, model.ExamplesFrom(model.ReadTable(new UnseekableStream(bytes))).Data!.Inputs);

        TextDataset names = TextDataset.Read(new StringReader("anna\nbob\nzoë\n"));
        Assert.Equal(3, names.Count);
        Assert.Equal(names.Documents, TextDataset.Read("anna\nbob\nzoë\n"u8.ToArray()).Documents);
        Assert.Equal(names.Documents, TextDataset.Read(new UnseekableStream("anna\nbob\nzoë\n"u8.ToArray())).Documents);
        Assert.Equal(1, TextDataset.Read(new StringReader("anna\nbob\n"), byCharacter: true).Count);
    }

    [Fact]
    public void Models_come_from_and_go_to_streams()
    {
        Dataset data = Own.Rings(20);
        TrainedModel model = Own.ModelOf(new Products(2, 4, 2, new Rng(7)), data);
        using var file = new MemoryStream();
        model.Save(file);
        byte[] bytes = file.ToArray();
        double[] expected = model.Predict(0.1, 0.2);
        Assert.Equal(expected, TrainedModel.Load(new UnseekableStream(bytes), Own.Parts).Predict(0.1, 0.2));
        Assert.Equal(expected, TrainedModel.Load(new MemoryStream(bytes), Own.Parts).Predict(0.1, 0.2));
        // In the middle of something else.
        byte[] within = [1, 2, 3, .. bytes];
        Assert.Equal(expected, TrainedModel.Load(within.AsMemory(3), Own.Parts).Predict(0.1, 0.2));
        using var later = new MemoryStream(within) { Position = 3 };
        Assert.Equal(expected, TrainedModel.Load(later, Own.Parts).Predict(0.1, 0.2));
        Assert.StartsWith("the model: ", Assert.Throws<ModelFormatException>(() => TrainedModel.Load(new MemoryStream([1, 2, 3]))).Message, StringComparison.Ordinal);

        TrainedLanguageModel language = Bigram();
        using var languageFile = new MemoryStream();
        language.Save(languageFile);
        double loss = language.Model.Loss(0, 1, 2, 0).Data;
        Assert.True(TrainedLanguageModel.IsIn(languageFile.ToArray()));
        Assert.False(TrainedLanguageModel.IsIn(new UnseekableStream(bytes)));
        Assert.Equal(loss, TrainedLanguageModel.Load(languageFile.ToArray()).Model.Loss(0, 1, 2, 0).Data);
        Assert.Equal(loss, TrainedLanguageModel.Load(new UnseekableStream(languageFile.ToArray())).Model.Loss(0, 1, 2, 0).Data);
    }

    [Fact]
    public void Recordings_come_from_streams_and_memory()
    {
        Dataset data = Generate.Lesson();
        var network = new Mlp(3, [4, 1], new Rng(1));
        using var file = new MemoryStream();
        var recorder = new RunRecorder(file, new RunInfo { Title = "a test", Objective = "sum-of-squares", Optimizer = "sgd", ParameterNames = [] }, network.Parameters);
        var trainer = new Trainer(network, Objective.SumOfSquares, new Sgd(network.Parameters, 0.05), data, null, new TrainerOptions { Epochs = 5 });
        trainer.AfterBackward = (loss, expression) => recorder.Backward(loss, expression);
        double[] losses = [.. trainer.Run().Select(step =>
        {
            recorder.Updated(step.LearningRate);
            return step.Loss;
        })];
        byte[] bytes = file.ToArray(), within = [1, 2, .. bytes];
        Assert.Equal(5, losses.Length);
        Assert.Equal(losses, RunRecording.Open(bytes).Steps().Select(step => step.Loss));
        Assert.Equal(losses, RunRecording.Open(within.AsMemory(2)).Steps().Select(step => step.Loss));
        RunRecording streamed = RunRecording.Open(new UnseekableStream(bytes));
        Assert.Equal(losses, streamed.Steps().Select(step => step.Loss));
        Assert.Equal(losses, streamed.Steps().Select(step => step.Loss));
        Assert.StartsWith("mine: ", Assert.Throws<RecordingFormatException>(() => RunRecording.Open(new MemoryStream([1, 2, 3]), "mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_handed_out_as_it_comes()
    {
        var generator = new TextGenerator(Bigram()) { MaxLength = 200 };
        var expected = new List<string>();
        generator.Write(new Rng(3), "an", expected.Add);
        var pieces = new List<string>();
        await foreach (string piece in generator.WriteAsync(new Rng(3), "an"))
            pieces.Add(piece);
        Assert.Equal(expected, pieces);
        Assert.Equal("an", pieces[0]);

        // Listening may end at any time.
        await foreach (string piece in generator.WriteAsync(new Rng(3), "an"))
        {
            Assert.Equal("an", piece);
            break;
        }
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in generator.WriteAsync(new Rng(3), "an", cancelled.Token))
            {
            }
        });
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (string _ in generator.WriteAsync(new Rng(3), "&"))
            {
            }
        });
    }

    [Fact]
    public void A_run_without_anything_between_its_steps_is_one_call()
    {
        Dataset data = Own.Rings();
        Mlp one = Network(), other = Network();
        TrainingResult result = Trainer(one).Train();
        Trainer trainer = Trainer(other);
        foreach (TrainingStep _ in trainer.Run())
        {
        }
        Assert.Equal(other.Parameters.ToArray(), one.Parameters.ToArray());
        Assert.Equal(trainer.Result!.Training.Loss, result.Training.Loss);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Equal(TrainingEnd.Cancelled, Trainer(Network()).Train(cancellation: cancelled.Token).End);
        Assert.Throws<InvalidOperationException>(() => trainer.Train());

        static Mlp Network() => new(2, [4, 2], new Rng(1), outputActivation: Activation.Linear);

        Trainer Trainer(Mlp network) => new(network, Objective.CrossEntropy, new Adam(network.Parameters, 0.01), data, null, new TrainerOptions { Epochs = 5 });
    }

    private static TrainedLanguageModel Bigram()
    {
        TextDataset names = TextDataset.Read(new StringReader("anna\nhannah\nnan\n"));
        var settings = new LanguageModelSettings { Kind = LanguageModelKind.Bigram, VocabularySize = names.Tokenizer.Count, ContextLength = 8 };
        return new TrainedLanguageModel(settings.Create(new Rng(1)), names.Tokenizer);
    }
}

/// <summary>A stream as a network has it: it only goes on.</summary>
internal sealed class UnseekableStream(byte[] bytes) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = Math.Min(Math.Min(count, 7), bytes.Length - _position);
        bytes.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
