def softmax(x):
    raise NotImplementedError
